namespace Daybook.ZooKeeper.Wire;

/// <summary>What a path looks like, checked before anything is sent.</summary>
internal static class PathRules
{
    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperError.BadArguments"/>, naming the path and what is wrong with it.</exception>
    public static void Check(string? path, bool isSequential = false)
    {
        if (string.IsNullOrEmpty(path))
            throw Bad(path, "is empty");
        if (path[0] != '/')
            throw Bad(path, "does not begin with '/'");
        if (path.Length == 1)
            return;
        if (path[^1] == '/' && !isSequential)
            throw Bad(path, "ends with '/'");
        var segments = path.AsSpan(1);
        foreach (var range in segments.Split('/'))
        {
            var segment = segments[range];
            var isLast = range.End.Value == segments.Length;
            if (segment.IsEmpty && !(isLast && isSequential))
                throw Bad(path, "has an empty segment ('//')");
            if (segment is "." or "..")
                throw Bad(path, $"has the relative segment '{segment}'");
            if (segment.IndexOfAnyInRange('\0', '\u001f') >= 0 || segment.IndexOfAnyInRange('\u007f', '\u009f') >= 0
                || segment.IndexOfAnyInRange('\ud800', '\uf8ff') >= 0 || segment.IndexOfAnyInRange('\ufff0', '\uffff') >= 0)
                throw Bad(path, "has a character that ZooKeeper does not allow");
        }
    }

    private static ZooKeeperException Bad(string? path, string what) => ZooKeeperException.BadArgument($"The path '{path}' {what}.", path);
}
