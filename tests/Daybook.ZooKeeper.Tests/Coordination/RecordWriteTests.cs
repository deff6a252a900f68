using Daybook.ZooKeeper.Coordination;

namespace Daybook.ZooKeeper.Tests.Coordination;

/// <summary>C2: the result of a write whose answer was lost, for every state that can be found afterwards.</summary>
public sealed class RecordWriteTests
{
    private static readonly StoredRecord s_own = new(Guid.NewGuid(), new byte[] { 1 });
    private static readonly StoredRecord s_others = new(Guid.NewGuid(), new byte[] { 2 });
    private static readonly FoundRecord s_read = Found(shelf: 3, s_others, created: 10, modified: 20, version: 4);
    private static readonly FoundRecord s_none = new(3, null, null);

    [Fact]
    public void C2_update_is_lost_only_if_the_very_next_write_is_anothers()
    {
        var update = new RecordWrite.Update("a", s_own, 20);
        Assert.Equal(Verdict.Try, update.Judge(s_read, null));
        Assert.Equal(Verdict.Lost, update.Judge(Found(3, s_others, 10, 21, 5), null));
        Assert.Equal(Verdict.Lost, update.Judge(s_none, null));
        Assert.Equal(Verdict.Done, update.Judge(Found(3, s_own, 10, 21, 5), s_read));
        Assert.Equal(Verdict.Try, update.Judge(s_read, s_read));
        Assert.Equal(Verdict.Lost, update.Judge(Found(3, s_others, 10, 21, 5), s_read));
        Assert.Equal(Verdict.InDoubt, update.Judge(Found(3, s_others, 10, 22, 6), s_read));
        Assert.Equal(Verdict.InDoubt, update.Judge(Found(4, s_others, 30, 30, 5), s_read));
        Assert.Equal(Verdict.InDoubt, update.Judge(s_none with { ShelfVersion = 4 }, s_read));
    }

    [Fact]
    public void C2_creation_is_in_doubt_once_the_record_may_have_been_written_or_deleted_by_others()
    {
        var create = new RecordWrite.Create("a", s_own);
        Assert.Equal(Verdict.Try, create.Judge(s_none, null));
        Assert.Equal(Verdict.Lost, create.Judge(s_read, null));
        Assert.Equal(Verdict.Done, create.Judge(Found(3, s_own, 10, 10, 1), s_none));
        Assert.Equal(Verdict.Try, create.Judge(s_none, s_none));
        Assert.Equal(Verdict.Lost, create.Judge(Found(3, s_others, 10, 10, 1), s_none));
        Assert.Equal(Verdict.InDoubt, create.Judge(Found(3, s_others, 10, 11, 2), s_none));
        Assert.Equal(Verdict.InDoubt, create.Judge(s_none with { ShelfVersion = 4 }, s_none));
    }

    [Fact]
    public void C2_deletion_is_done_once_the_record_is_gone()
    {
        var delete = new RecordWrite.Delete("a", 20);
        Assert.Equal(Verdict.Done, delete.Judge(s_none, null));
        Assert.Equal(Verdict.Try, delete.Judge(s_read, null));
        Assert.Equal(Verdict.Lost, delete.Judge(Found(3, s_others, 10, 21, 5), null));
        Assert.Equal(Verdict.Done, delete.Judge(s_none with { ShelfVersion = 4 }, s_read));
        Assert.Equal(Verdict.Lost, delete.Judge(Found(4, s_others, 10, 21, 5), s_read));
        Assert.Equal(Verdict.InDoubt, delete.Judge(Found(4, s_others, 30, 30, 1), s_read));
    }

    private static FoundRecord Found(int shelf, StoredRecord record, long created, long modified, int version) => new(
        shelf, record, new NodeStat(created, modified, default, default, version, 0, 0, 0, 0, 0, 0));
}
