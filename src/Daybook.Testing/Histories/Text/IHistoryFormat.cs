namespace Daybook.Testing.Histories.Text;

/// <summary>How the calls and answers of one kind of object are written in a history file.</summary>
/// <typeparam name="TCall">What is asked.</typeparam>
/// <typeparam name="TReturn">What is answered.</typeparam>
public interface IHistoryFormat<TCall, TReturn>
{
    /// <summary>The name of what is asked, without a colon, such as <c>read</c>.</summary>
    string FunctionOf(TCall call);

    /// <summary>The value of an invocation, on one line and without tabs.</summary>
    string WriteCall(TCall call);

    /// <summary>The value of a completion, on one line and without tabs.</summary>
    string WriteReturn(TCall call, TReturn answer);

    /// <summary>Reads what <see cref="FunctionOf"/> and <see cref="WriteCall"/> write.</summary>
    /// <exception cref="FormatException">It is not such a value.</exception>
    TCall ReadCall(string function, string value);

    /// <summary>Reads what <see cref="WriteReturn"/> writes.</summary>
    /// <exception cref="FormatException">It is not such a value.</exception>
    TReturn ReadReturn(TCall call, string value);
}
