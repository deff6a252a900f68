using System.Text;
using Daybook.Core.Tests.States.Values;
using Daybook.Postgres.Documents;
using Daybook.Postgres.Tests.Support;
using Daybook.Servers.Debian;

namespace Daybook.Postgres.Tests.Documents;

[Collection(SharedPostgresCollection.Name)]
public sealed class JsonbValueTests(SharedPostgres postgres)
{
    [SkippableTheory(typeof(MissingToolException))]
    [InlineData("double -0")]
    [InlineData("double NaN")]
    [InlineData("doubles at the ends")]
    [InlineData("array")]
    [InlineData("all sorts of text")]
    [InlineData("half of a pair")]
    [InlineData("json")]
    [InlineData("object")]
    [InlineData("ordered dictionary")]
    [InlineData("dictionary in an order")]
    [InlineData("polymorphic")]
    [InlineData("private setter")]
    public async Task Document_is_the_same_in_one_batch_and_after_a_restart(string name)
    {
        var database = await postgres.DatabaseAsync();
        await using var sinks = new Sinks();
        await Samples.Named(name).RunAsync(new DocumentRun(store => sinks.Open(database, options => options with { Schema = store })));
    }

    [SkippableTheory(typeof(MissingToolException))]
    [InlineData("""{"bb":1,"a":2,"é":3,"a":4,"":5,"B":{"y":1,"x":[{"2":1,"1":2}]}}""")]
    [InlineData("""[-0,-0.0,0,0.10,1E+2,1.50E+1,1e-7,-1.5E-3,120,1.7976931348623157E+308,5E-324,12.345E+2,0e5,0.00e1,-12e-1]""")]
    [InlineData("""["\u0041\ud83d\ude00\n<", true, null, {}]""")]
    public async Task Text_is_what_the_server_makes_of_it(string json)
    {
        var stored = await Sql.QueryAsync((await postgres.StartedAsync()).ConnectionString, $"select $json${json}$json$::jsonb::text");
        Assert.Equal(stored, Encoding.UTF8.GetString(JsonbText.Of(Encoding.UTF8.GetBytes(json)).Span));
    }
}
