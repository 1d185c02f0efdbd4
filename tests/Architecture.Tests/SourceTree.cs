using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TaalasSim.Support;

namespace TaalasSim.Architecture.Tests;

/// <summary>The sources below <c>src</c> and what each names of the others, read from the text: constants, which the compiler copies into
/// their users, and names in documentation links through a <c>using</c> count as well.</summary>
internal sealed class SourceTree
{
    private readonly Dictionary<string, Folder> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _types = new(StringComparer.Ordinal);

    private SourceTree(string root)
    {
        var files = new List<SourceFile>();
        foreach (var path in Checkout.Files("src", "*.cs"))
        {
            var parts = System.IO.Path.GetRelativePath(root, path).Replace('\\', '/').Split('/');
            var folder = new Folder(parts[1], parts.Length == 3 ? "." : string.Join('/', parts[2..^1]));
            var file = SourceFile.Read(root, path, folder);
            files.Add(file);
            _folders[folder.Namespace] = folder;
            if (!_types.TryGetValue(folder.Namespace, out var types))
                _types[folder.Namespace] = types = new(StringComparer.Ordinal);
            types.UnionWith(file.Types);
        }

        Files = files;
        References = [.. files.AsParallel().AsOrdered().SelectMany(Find)];
    }

    /// <summary>The checkout's sources.</summary>
    public static SourceTree Current { get; } = new(Shared.Root);

    /// <summary>Every C# file below src.</summary>
    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>Every place that names another folder.</summary>
    public IReadOnlyList<Reference> References { get; }

    /// <summary>Folders that hold C# files.</summary>
    public IEnumerable<Folder> Folders => _folders.Values;

    private IEnumerable<Reference> Find(SourceFile file)
    {
        var found = Usings(file).Concat(QualifiedNames(file)).Concat(NamesOfOuterFolders(file));
        return found.Where(reference => reference.To != file.Folder);
    }

    /// <summary><c>using</c> directives of every kind: of a namespace, static, and aliases.</summary>
    private IEnumerable<Reference> Usings(SourceFile file)
    {
        foreach (var directive in file.Syntax.DescendantNodes().OfType<UsingDirectiveSyntax>())
        {
            var name = directive.NamespaceOrType.ToString();
            if (!name.StartsWith("TaalasSim.", StringComparison.Ordinal))
                continue;
            var to = Longest(name.Split('.'))?.Folder
                ?? throw new InvalidOperationException($"{file.Path}: {directive} names no folder of src");
            yield return new(file, SourceFile.Line(directive), directive.ToString(), to);
        }
    }

    /// <summary>Names written with (a part of) their namespace, as the compiler resolves them: from the file's own namespace
    /// outwards.</summary>
    private IEnumerable<Reference> QualifiedNames(SourceFile file)
    {
        var names = file
            .Syntax.DescendantNodes()
            .Where(node => node is QualifiedNameSyntax or MemberAccessExpressionSyntax)
            .Where(node => node.Parent is not (QualifiedNameSyntax or MemberAccessExpressionSyntax))
            .Where(node => node.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null && node.Parent is not BaseNamespaceDeclarationSyntax);
        foreach (var node in names)
        {
            var parts = node.ToString().Replace("global::", "", StringComparison.Ordinal).Split('.', StringSplitOptions.TrimEntries);
            var spaces = file.Folder.Namespace.Split('.');
            for (var outer = spaces.Length; outer >= 0; outer--)
            {
                var match = Longest([.. spaces[..outer], .. parts]);
                if (match is not { } found || found.Length <= outer || found.Length >= outer + parts.Length)
                    continue;
                if (!_types[found.Folder.Namespace].Contains(Identifier(parts[found.Length - outer])))
                    continue;
                yield return new(file, SourceFile.Line(node), string.Join('.', parts[..(found.Length - outer + 1)]), found.Folder);
                break;
            }
        }
    }

    /// <summary>Types of the folders around the file's own, which need no <c>using</c>.</summary>
    private IEnumerable<Reference> NamesOfOuterFolders(SourceFile file)
    {
        var spaces = file.Folder.Namespace.Split('.');
        for (var outer = 2; outer < spaces.Length; outer++)
        {
            var space = string.Join('.', spaces[..outer]);
            if (!_types.TryGetValue(space, out var types))
                continue;
            foreach (var name in file.Syntax.DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (IsSimpleName(name) && types.Contains(name.Identifier.Text))
                    yield return new(file, SourceFile.Line(name), name.ToString(), _folders[space]);
            }
        }
    }

    /// <summary>The longest beginning of a dotted name that is a folder's namespace, and its number of parts.</summary>
    private (Folder Folder, int Length)? Longest(string[] parts)
    {
        for (var length = parts.Length; length >= 2; length--)
            if (_folders.TryGetValue(string.Join('.', parts[..length]), out var folder))
                return (folder, length);
        return null;
    }

    /// <summary>Whether a name stands by itself: not after a dot, not in a <c>using</c>, not as an argument's name.</summary>
    private static bool IsSimpleName(SimpleNameSyntax name) =>
        name.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Name != name,
            QualifiedNameSyntax qualified => qualified.Right != name,
            NameColonSyntax or UsingDirectiveSyntax => false,
            _ => true,
        };

    private static string Identifier(string part) => new([.. part.TakeWhile(c => char.IsLetterOrDigit(c) || c == '_')]);
}
