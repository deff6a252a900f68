namespace Daybook;

/// <summary>
/// Every surprise that Daybook reports. Expected results (rejected, conflict, in doubt) are values, see <see cref="Outcome"/>.
/// </summary>
public class DaybookException : Exception
{
    /// <summary>Reports a surprise.</summary>
    public DaybookException(ErrorCode code, string message, Exception? inner = null)
        : base(message, ExceptionText.Readable(inner)) => Code = code;

    /// <summary>What went wrong.</summary>
    public ErrorCode Code { get; }

    /// <summary>True when the same call may succeed later without anybody changing anything. The one switch that decides retries.</summary>
    public bool IsTransient => Code is ErrorCode.Overloaded or ErrorCode.NotOwner or ErrorCode.VersionMismatch or ErrorCode.Unavailable
        or ErrorCode.AlreadyInUse;
}
