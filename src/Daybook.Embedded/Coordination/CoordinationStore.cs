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
        folder.Tidy();
    }

    /// <summary>What is durable.</summary>
    public ValueTask<CoordinationState> StateAsync() => _refusal is null ? new(_state) : new(ApplyAsync(state => state));

    /// <summary>Applies a change and makes it durable.</summary>
    /// <returns>The state right after this change.</returns>
    /// <exception cref="DaybookException">What the change threw; or, as <see cref="InDoubtException"/>, a write that failed. The next call reads the file again
    /// and writes it anew before it does anything else, as an opening would; while that fails, so does the call.</exception>
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
        Mend();
        var (before, after) = (_state, _state);
        foreach (var change in changes)
            after = change.Try(after, _refusal);
        try
        {
            if (after != before)
            {
                _folder.EnsureOwned();
                SmallFiles.Replace(_folder.Files, _path, CoordinationFile.ToBytes(after));
                _folder.EnsureOwned();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Stop(failure, changes);
            return;
        }
        _state = after;
        changes.ForEach(change => change.Succeed());
    }

    /// <summary>After a failed write nobody knows which state the file holds, so it is read; nothing of it counts before it was written once more.</summary>
    private void Mend()
    {
        if (_refusal is not { Code: ErrorCode.StoreFailed })
            return;
        try
        {
            var found = CoordinationFile.TryRead(SmallFiles.ReadAll(_folder.Files, _path))
                ?? throw new IOException($"File '{_path}' is damaged: it does not verify.");
            SmallFiles.Replace(_folder.Files, _path, CoordinationFile.ToBytes(found));
            (_state, _refusal) = (found, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _refusal = Stopped(failure);
        }
    }

    private DaybookException Stopped(Exception failure) =>
        new(ErrorCode.StoreFailed, $"The coordinator cannot write to '{_folder.Path}': {failure.Message}", failure);

    private void Stop(Exception failure, List<Change> changes)
    {
        _refusal = Stopped(failure);
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
