namespace Daybook.Projections;

/// <summary>A place where read models live. Making a writer or a reader does no I/O; the first call on it opens the place.</summary>
public interface IProjectionSink
{
    /// <summary>The writing side of a projection, for its runner.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the class has no valid <see cref="ProjectionAttribute"/>.</exception>
    IProjectionWriter Writer<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class;

    /// <summary>The reading side of the same version of a projection, for the application.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the class has no valid <see cref="ProjectionAttribute"/>.</exception>
    IReadModel<TDocument> ReadModel<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class;
}
