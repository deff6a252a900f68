using System.Reflection;
using Daybook.Projections;
using Daybook.Reactions;
using Microsoft.Extensions.DependencyInjection;

namespace Daybook;

/// <summary>The projections and reactions that were added to a book: checked before anything is opened, made when the sink is.</summary>
internal sealed class ProjectionRegistrations
{
    private readonly List<Registration> _all = [];

    /// <summary>The document types, in the order of their projections.</summary>
    internal List<Type> Documents { get; } = [];

    internal void AddDocuments<TProjection, TDocument>()
        where TProjection : class, IDocumentProjection<TDocument>
        where TDocument : class
    {
        Documents.Add(typeof(TDocument));
        _all.Add(new Registration(typeof(TProjection), typeof(TDocument), ProjectionId.Of, (sink, services) =>
        {
            var projection = Make<TProjection>(services);
            return new OpenProjection(sink.Writer(projection), typeof(TDocument), sink.ReadModel(projection));
        }));
    }

    internal void AddWriter<TProjection>(Func<IProjectionSink, TProjection, IProjectionWriter> open)
        where TProjection : class => _all.Add(new Registration(
            typeof(TProjection), null, ProjectionId.Of, (sink, services) => new OpenProjection(open(sink, Make<TProjection>(services)), null, null)));

    internal void AddReaction<TReaction>()
        where TReaction : class, IReaction => _all.Add(new Registration(
            typeof(TReaction), null, ProjectionId.OfReaction, (sink, services) => new OpenProjection(ReactionOn<TReaction>(sink, services), null, null)));

    /// <summary>Refuses what would mean two read models in one place.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>; the message names both classes.</exception>
    internal void Check()
    {
        var named = _all.Where(r => !r.Class.IsAbstract); // what the container makes of an interface is known only then
        var names = named.Select(r => (r.Class, r.IdOf(r.Class).Name));
        foreach (var same in names.GroupBy(n => n.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            throw Refused(same.ElementAt(0).Class, same.ElementAt(1).Class,
                $"both have the name '{same.ElementAt(1).Name}'. Names must differ by more than case; a new version replaces the class of the old one");
        foreach (var same in _all.Where(r => r.Document is not null).GroupBy(r => r.Document).Where(g => g.Count() > 1))
            throw Refused(same.ElementAt(0).Class, same.ElementAt(1).Class,
                $"both make documents of the type {same.Key!.Name}, so a read model of that type would be either's. Give each a document type of its own");
    }

    internal IEnumerable<OpenProjection> Open(IProjectionSink sink, IServiceProvider? services) => _all.Select(r => r.Open(sink, services));

    private static DaybookException Refused(Type first, Type second, string why) => new(ErrorCode.InvalidArgument, first == second
        ? $"The class {first.FullName} was added twice."
        : $"The classes {first.FullName} and {second.FullName} {why}.");

    private static ReactionWriter ReactionOn<TReaction>(IProjectionSink sink, IServiceProvider? services)
        where TReaction : class, IReaction
    {
        var id = ProjectionId.OfReaction(typeof(TReaction));
        var keeper = sink as ICheckpointSink ?? throw new DaybookException(ErrorCode.InvalidArgument,
            $"The reaction '{id.Name}' needs a sink that keeps its progress; {sink.GetType().Name} does not. Choose memory, SQLite or PostgreSQL for read models.");
        var start = typeof(TReaction).GetCustomAttribute<ReactionAttribute>()!.Start;
        return new ReactionWriter(id, Make<TReaction>(services), start, keeper.Checkpoints(id.Name));
    }

    /// <summary>What the container has registered, else a new object whose constructor gets what it needs from the container.</summary>
    private static T Make<T>(IServiceProvider? services)
        where T : class
    {
        try
        {
            return services is null ? Activator.CreateInstance<T>() : ActivatorUtilities.GetServiceOrCreateInstance<T>(services);
        }
        catch (Exception error) when (error is not DaybookException)
        {
            var cause = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            throw new DaybookException(ErrorCode.InvalidArgument, services is null && error is MissingMethodException
                ? $"{typeof(T).Name} has no constructor without parameters, and there is no container to supply them: open the book with one, or in a host."
                : $"{typeof(T).Name} cannot be made: {ExceptionText.Of(cause)}", error);
        }
    }

    private sealed record Registration(Type Class, Type? Document, Func<Type, ProjectionId> IdOf, Func<IProjectionSink, IServiceProvider?, OpenProjection> Open);
}
