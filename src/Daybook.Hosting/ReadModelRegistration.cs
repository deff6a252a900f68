using System.Reflection;
using Daybook.Projections;
using Microsoft.Extensions.DependencyInjection;

namespace Daybook.Hosting;

/// <summary>Registers <see cref="IReadModel{TDocument}"/> for document types known only at run time.</summary>
internal static class ReadModelRegistration
{
    private static readonly MethodInfo s_add = typeof(ReadModelRegistration).GetMethod(nameof(AddTyped), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static void Add(IServiceCollection services, Type document) => s_add.MakeGenericMethod(document).Invoke(null, [services]);

    private static void AddTyped<TDocument>(IServiceCollection services)
        where TDocument : class =>
        services.AddSingleton<IReadModel<TDocument>>(provider => new HostedReadModel<TDocument>(provider.GetRequiredService<HostedBook>()));
}
