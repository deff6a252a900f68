namespace Daybook.Projections;

/// <summary>A place where read models live. Making a writer or a reader does no I/O; the first call on it opens the place.</summary>
public interface IProjectionSink
{
    /// <summary>
    /// Names the book whose events the sink receives, before anything is written. A sink that outlives its process stores the id with each checkpoint,
    /// adopts it where a checkpoint has none, and refuses to start a projection whose checkpoint names another book (<see cref="ErrorCode.OtherBook"/>):
    /// the offsets of one journal mean nothing in another. Default: nothing.
    /// </summary>
    /// <param name="book">The id of the book, made once when the book is first opened.</param>
    void Bind(Guid book)
    {
    }

    /// <summary>The writing side of a projection, for its runner.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the class has no valid <see cref="ProjectionAttribute"/>.</exception>
    IProjectionWriter Writer<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class;

    /// <summary>The reading side of the same version of a projection, for the application.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the class has no valid <see cref="ProjectionAttribute"/>.</exception>
    IReadModel<TDocument> ReadModel<TDocument>(IDocumentProjection<TDocument> projection)
        where TDocument : class;
}
