using Daybook.Embedded.Files;

namespace Daybook.Embedded.Coordination;

/// <summary>Keeps a <see cref="CoordinationState"/> in one file that is replaced as a whole. Changes that arrive together share a replacement; nobody
/// sees a state that is not durable.</summary>
internal sealed class CoordinationStore : IDisposable
{
    private readonly DataFolder _folder;
    private readonly string _path;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private List<Change> _queued = [];
    private DaybookException? _refusal;
    private volatile CoordinationState _state;

    public CoordinationStore(DataFolder folder)
    {
        _folder = folder;
        _path = Path.Combine(folder.Path, "records");
        _state = Load();
    }

    /// <summary>What is durable.</summary>
    public CoordinationState State => _refusal is null ? _state : throw _refusal;

    /// <summary>Applies a change and makes it durable.</summary>
    /// <returns>The state right after this change.</returns>
    /// <exception cref="DaybookException">What the change threw; or, as <see cref="InDoubtException"/>, a write that failed, after which the coordinator has
    /// stopped and must be opened again.</exception>
    public async Task<CoordinationState> ApplyAsync(Func<CoordinationState, CoordinationState> change)
    {
        var queued = new Change(change);
        lock (_lock)
            _queued.Add(queued);
        await _turn.WaitAsync();
        try
        {
            if (!queued.Done.Task.IsCompleted)
                await Task.Run(ApplyQueued);
        }
        finally
        {
            _turn.Release();
        }
        return await queued.Done.Task;
    }

    /// <summary>Refuses everything from now on, once what runs has ended.</summary>
    public void Dispose()
    {
        _turn.Wait();
        _refusal ??= new DaybookException(ErrorCode.Closed, "The coordinator is closed.");
        _turn.Release();
        _folder.Dispose();
    }

    private CoordinationState Load()
    {
        if (!_folder.Files.Exists(_path))
            return _folder.Id is null ? Establish() : throw Missing("the file 'records'");
        var state = CoordinationFile.TryRead(SmallFiles.ReadAll(_folder.Files, _path))
            ?? throw new DaybookException(ErrorCode.Corrupted, $"File '{_path}' is damaged: it does not verify.");
        if (_folder.Id is not null)
            return state;
        return state.LastVersion == 0 && state.Epochs.IsEmpty ? Establish() : throw Missing("the file FORMAT");
    }

    private CoordinationState Establish()
    {
        SmallFiles.Replace(_folder.Files, _path, CoordinationFile.ToBytes(CoordinationState.Empty));
        _folder.Establish(Guid.NewGuid());
        return CoordinationState.Empty;
    }

    private void ApplyQueued()
    {
        List<Change> changes;
        lock (_lock)
            (changes, _queued) = (_queued, []);
        var (before, after) = (_state, _state);
        foreach (var change in changes)
            after = change.Try(after, _refusal);
        try
        {
            if (after != before)
                SmallFiles.Replace(_folder.Files, _path, CoordinationFile.ToBytes(after));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Stop(failure, changes);
            return;
        }
        _state = after;
        changes.ForEach(change => change.Succeed());
    }

    private void Stop(Exception failure, List<Change> changes)
    {
        _refusal = new DaybookException(
            ErrorCode.StoreFailed, $"The coordinator in '{_folder.Path}' has stopped and must be opened again: {failure.Message}", failure);
        var inDoubt = new InDoubtException(
            ErrorCode.StoreFailed, $"A write to '{_path}' failed; it may or may not have been carried out: {failure.Message}", failure);
        changes.ForEach(change => change.Done.TrySetException(inDoubt));
    }

    private DaybookException Missing(string what) =>
        new(ErrorCode.Corrupted, $"Folder '{_folder.Path}' lacks {what}; a file was removed from it.");

    private sealed class Change(Func<CoordinationState, CoordinationState> apply)
    {
        private CoordinationState? _after;

        public TaskCompletionSource<CoordinationState> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CoordinationState Try(CoordinationState state, DaybookException? refusal)
        {
            try
            {
                return _after = refusal is null ? apply(state) : throw refusal;
            }
            catch (DaybookException refused)
            {
                Done.TrySetException(refused);
                return state;
            }
        }

        public void Succeed()
        {
            if (_after is not null)
                Done.TrySetResult(_after);
        }
    }
}
