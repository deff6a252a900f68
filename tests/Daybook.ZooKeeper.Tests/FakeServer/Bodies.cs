using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Tests.FakeServer;

/// <summary>Bodies of replies.</summary>
internal static class Bodies
{
    public static JuteWriter Stat(int version = 0) => Append(new JuteWriter(), version);

    public static JuteWriter Data(byte[] data, int version = 0) => Append(new JuteWriter().Buffer(data), version);

    public static JuteWriter Children(params string[] names) => Append(new JuteWriter().Texts(names), 0);

    public static JuteWriter Created(string path) => Append(new JuteWriter().Text(path), 0);

    private static JuteWriter Append(JuteWriter body, int version) =>
        body.Long(7).Long(8).Long(1_700_000_000_000).Long(1_700_000_000_001).Int(version).Int(0).Int(0).Long(0).Int(3).Int(0).Long(7);
}
