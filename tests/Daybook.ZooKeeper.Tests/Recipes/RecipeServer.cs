using Daybook.Servers.ZooKeeper;

namespace Daybook.ZooKeeper.Tests.Recipes;

/// <summary>One server for the recipes' tests, each with its own root.</summary>
public sealed class RecipeServer : SharedZooKeeper, IAsyncLifetime
{
    public static string NewRoot() => $"/r-{Guid.NewGuid():n}";
}

[CollectionDefinition(Name)]
public sealed class RecipeCollection : ICollectionFixture<RecipeServer>
{
    public const string Name = "recipes";
}
