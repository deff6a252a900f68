using Bank.Amounts;
using Bank.Entries;

namespace Bank.Http;

/// <summary>Refuses well-formed bodies with values that must never be stored. Each refusal names the field.</summary>
internal static class BodyCheck
{
    /// <summary>Returns the body of a payment when its amount is valid in its currency.</summary>
    /// <exception cref="ApiException">It is not.</exception>
    public static T Payment<T>(T body, decimal amount, Currency currency)
    {
        Refuse("$.amount", AmountLimits.ProblemOfPayment(new Money(amount, currency)));
        return body;
    }

    /// <summary>Returns the postings of an entry when it can be stored unchanged.</summary>
    /// <exception cref="ApiException">It cannot.</exception>
    public static IReadOnlyList<Posting> Postings(PostBody body)
    {
        Refuse("$.description", TextValue.Problem(body.Description, "the description"));
        var (name, postings) = body switch
        {
            { Legs: not null, Postings: not null } => throw Malformed("$", "'postings' and 'legs' are the same; give one of them"),
            { Postings: { } given } => ("postings", given),
            { Legs: { } given } => (Posting.JsonName, given),
            _ => throw Malformed("$", "'postings' is missing"),
        };
        for (var i = 0; i < postings.Count; i++)
            Refuse($"$.{name}[{i}].amount", AmountLimits.ProblemOfPosting(postings[i].Money));
        return postings;
    }

    private static void Refuse(string field, string? problem)
    {
        if (problem is not null)
            throw Malformed(field, problem);
    }

    private static ApiException Malformed(string field, string problem) => new(
        StatusCodes.Status400BadRequest, "Malformed body", $"{(field == "$" ? "" : field + ": ")}{problem}.", field);
}
