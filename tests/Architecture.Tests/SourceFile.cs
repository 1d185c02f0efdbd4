using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace TaalasSim.Architecture.Tests;

/// <summary>A C# file of the checkout, parsed.</summary>
/// <param name="Path">Path below the checkout's root, with forward slashes.</param>
/// <param name="Folder">The folder that holds it.</param>
/// <param name="Syntax">Its syntax.</param>
internal sealed record SourceFile(string Path, Folder Folder, CompilationUnitSyntax Syntax)
{
    /// <summary>Names of the types that the file declares at namespace level.</summary>
    public IReadOnlyList<string> Types { get; } =
    [
        .. Syntax
            .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Select(node =>
                node switch
                {
                    BaseTypeDeclarationSyntax type => type.Identifier.Text,
                    DelegateDeclarationSyntax type => type.Identifier.Text,
                    _ => "",
                }
            )
            .Where(name => name.Length > 0),
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="root">The checkout's root.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="folder">The folder that holds it.</param>
    public static SourceFile Read(string root, string path, Folder folder) =>
        Parse(System.IO.Path.GetRelativePath(root, path).Replace('\\', '/'), folder, File.ReadAllText(path));

    /// <summary>Parses a text as a file.</summary>
    /// <param name="path">Path below the root.</param>
    /// <param name="folder">The folder that would hold it.</param>
    /// <param name="text">The text.</param>
    public static SourceFile Parse(string path, Folder folder, string text) =>
        new(path, folder, CSharpSyntaxTree.ParseText(text, path: path).GetCompilationUnitRoot());

    /// <summary>Line of a piece of syntax, from 1.</summary>
    public static int Line(Microsoft.CodeAnalysis.SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
