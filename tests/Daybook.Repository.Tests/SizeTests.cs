using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Daybook.Repository.Tests;

public sealed class SizeTests
{
    private const int MaxFileLines = 400;
    private const int MaxMethodLines = 70;
    private const int MaxLineLength = 180;
    private const int MaxVocabularyFiles = 60;
    private const int MaxVocabularyLines = 2500;

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        Repository.ExpectNone(
            from file in Repository.Code
            let lines = Repository.Lines(file).Length
            where lines > MaxFileLines
            select $"{file}: {lines} lines",
            "Most files have 40 to 150 lines. Split these by responsibility, and name each part.");
    }

    [Fact]
    public void No_line_is_longer_than_180_characters()
    {
        Repository.ExpectNone(
            from file in Repository.Code
            from line in Repository.Lines(file).Index()
            where line.Item.Length > MaxLineLength
            select $"{file}:{line.Index + 1}: {line.Item.Length} characters",
            "Wrap these lines; 140 characters is the aim, 180 the end.");
    }

    [Fact]
    public void No_method_is_longer_than_70_lines()
    {
        Repository.ExpectNone(
            from file in Repository.Code
            from member in LongMembers(file, Repository.Read(file), MaxMethodLines)
            select member,
            "Most methods have 10 to 30 lines. Extract the steps of these into named methods.");
    }

    [Fact]
    public void The_vocabulary_stays_small()
    {
        var files = Repository.Files("src/Daybook.Abstractions", ".cs").ToList();
        var lines = files.Sum(file => Repository.Lines(file).Length);
        Repository.ExpectNone(
            files.Count > MaxVocabularyFiles || lines > MaxVocabularyLines ? [$"{files.Count} files, {lines} lines"] : [],
            $"Daybook.Abstractions holds nouns and contracts only, at most {MaxVocabularyFiles} files and {MaxVocabularyLines} lines. Move what runs to Daybook.Core.");
    }

    [Fact]
    public void The_measure_of_methods_sees_a_long_one_in_every_disguise()
    {
        var body = string.Concat(Enumerable.Repeat("x++;\n", 10));
        var code = $"class C {{ int x; C() {{\n{body}}} int P {{ get {{\n{body}return x; }} }} void M() {{ void L() {{\n{body}}} }} void Short() {{ x++; }} }}";

        var found = LongMembers("C.cs", code, limit: 9).ToList();

        Assert.Equal(["C", "get", "L", "M"], found.Select(f => f.Split(' ')[1]).Order(StringComparer.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> LongMembers(string file, string code, int limit) =>
        from node in CSharpSyntaxTree.ParseText(code, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview)).GetRoot().DescendantNodes()
        let name = NameOf(node)
        where name is not null
        let span = node.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > limit
        select $"{file}:{span.StartLinePosition.Line + 1} {name} {lines} lines";

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        OperatorDeclarationSyntax op => op.OperatorToken.Text,
        _ => null,
    };
}
