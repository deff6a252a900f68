using System.Diagnostics.Metrics;
using Daybook.BookKeeper.Telemetry;

namespace Daybook.BookKeeper.Tests.Connections;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Observers_learn_of_durations_of_what_waits_and_of_reconnects()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        var seen = new List<(string Name, double Value, string Tag)>();
        var mine = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            // Other clients of this process have meters of the same name.
            if (instrument.Meter == asker.Bookies.Meter)
            {
                mine.Add(instrument);
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
        listener.Start();

        asker.Add(bookie, 0, 0);
        asker.Read(bookie, 1, 1);
        var request = (await bookie.NextAsync(2))[0];
        listener.RecordObservableInstruments();
        asker.Time.Advance(TimeSpan.FromSeconds(2));
        await request.AnswerAsync();
        await asker.NextAsync();
        // The read fails once the client has noticed; what comes then needs another connection.
        await request.Connection.CloseAsync();
        await asker.NextAsync();
        asker.Read(bookie, 0);
        await bookie.NextAsync();

        Assert.All(mine, instrument => Assert.Equal(BookieTelemetry.Name, instrument.Meter.Name));
        Assert.Contains(("bookkeeper.client.request.duration", 2, "Add"), seen);
        Assert.Contains(("bookkeeper.client.requests.pending", 2, ""), seen);
        Assert.Contains(seen, s => s is { Name: "bookkeeper.client.bytes.pending", Value: > 0 });
        Assert.Contains(("bookkeeper.client.reconnects", 1, ""), seen);

        void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (seen)
                seen.Add((instrument.Name, value, tags.Length > 0 ? (string)tags[0].Value! : ""));
        }
    }
}
