using Daybook.Core.Partitions.State;
using Daybook.Core.Records;

namespace Daybook.Core.Tests.Partitions;

public class RingIndexTests
{
    [Theory]
    [InlineData(3u)]
    [InlineData(40u)]
    [InlineData(uint.MaxValue)]
    public void Colliding_hashes_are_found_and_removed_like_in_a_list(uint hashes)
    {
        var random = new Random(7);
        var index = new RingIndex(64);
        var model = new Dictionary<int, uint>();
        for (var step = 0; step < 20_000; step++)
        {
            var place = random.Next(64);
            if (model.Remove(place, out var known))
            {
                index.Remove(known, place);
            }
            else
            {
                var hash = (uint)random.NextInt64(hashes) * (uint.MaxValue / hashes);
                model.Add(place, hash);
                index.Add(hash, place);
            }
            var wanted = model.Count > 0 ? model.Values.ElementAt(random.Next(model.Count)) : 0;
            Assert.Equal(model.Where(x => x.Value == wanted).Select(x => x.Key).Order(), Places(index, wanted).Order());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void J5_window_finds_the_last_commands_and_no_older_one(bool filledInBulk)
    {
        const int Capacity = 1500;
        var window = new CommandWindow(Capacity);
        var ids = Enumerable.Range(1, 4000).Select(i => new CommandId(new Guid(i, 0, 0, new byte[8]))).ToArray();
        if (filledInBulk)
            window.BeginFilling();
        for (var i = 0; i < ids.Length; i++)
            window.Add(ids[i], At(i));
        if (filledInBulk)
            window.EndFilling();
        Assert.Equal(Capacity, window.Count);
        for (var i = 0; i < ids.Length; i++)
            Assert.Equal(i < ids.Length - Capacity ? null : At(i), window.Find(ids[i]));
        Assert.Equal(ids[^Capacity..].Select(id => id.Value), window.InOrder().Select(x => x.Key));
    }

    private static Location At(int i) => new(new LedgerId(1), (uint)i, 24);

    private static IEnumerable<int> Places(RingIndex index, uint hash)
    {
        for (var probe = index.First(hash); probe.Place >= 0; probe = index.Next(probe))
            yield return probe.Place;
    }
}
