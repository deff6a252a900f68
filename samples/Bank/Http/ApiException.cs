namespace Bank.Http;

/// <summary>An invalid request; nothing was changed.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="title">What is wrong, in a few words.</param>
/// <param name="detail">What is wrong, in a sentence that names the header or field.</param>
/// <param name="path">The JSON path of the field at fault; null when there is none.</param>
public sealed class ApiException(int status, string title, string detail, string? path = null) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>What is wrong, in a few words.</summary>
    public string Title => title;

    /// <summary>The JSON path of the field at fault; null when there is none.</summary>
    public string? Field => path;
}
