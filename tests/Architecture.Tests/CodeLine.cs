using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TaalasSim.Architecture.Tests;

/// <summary>A line of code as the search for duplicates sees it: no comment, no <c>using</c>, no lone brace.</summary>
/// <param name="Number">Line in the file, from 1.</param>
/// <param name="Text">Its tokens.</param>
/// <param name="Shape">Its tokens with every name and literal replaced by a placeholder.</param>
/// <param name="Names">The names that were replaced, in order.</param>
internal sealed record CodeLine(int Number, string Text, string Shape, IReadOnlyList<string> Names)
{
    /// <summary>The lines of a file that say something.</summary>
    public static IReadOnlyList<CodeLine> Of(SourceFile file)
    {
        var lines = new List<CodeLine>();
        var tokens = file
            .Syntax.DescendantTokens(node => node is not (UsingDirectiveSyntax or AttributeListSyntax))
            .GroupBy(token => token.GetLocation().GetLineSpan().StartLinePosition.Line + 1);
        foreach (var line in tokens)
        {
            var words = line.Where(token => token.Text.Length > 0).ToList();
            if (words.All(IsPunctuation))
                continue;
            lines.Add(
                new(
                    line.Key,
                    string.Join(' ', words.Select(word => word.Text)),
                    string.Join(' ', words.Select(Shaped)),
                    [.. words.Where(word => word.IsKind(SyntaxKind.IdentifierToken)).Select(word => word.Text)]
                )
            );
        }

        return lines;
    }

    private static bool IsPunctuation(SyntaxToken token) => !token.Text.Any(c => char.IsLetterOrDigit(c) || c == '_' || c == '"');

    private static string Shaped(SyntaxToken token) =>
        token.Kind() switch
        {
            SyntaxKind.IdentifierToken => "name",
            SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.NumericLiteralToken => "literal",
            SyntaxKind.InterpolatedStringTextToken => "literal",
            _ => token.Text,
        };
}
