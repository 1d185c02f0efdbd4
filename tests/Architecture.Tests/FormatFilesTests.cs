using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;

namespace TaalasSim.Architecture.Tests;

/// <summary>
/// A quantised format is named in one file of <c>src/ChipModel/Formats</c> and in at most one file of each fast backend: 256-bit and
/// 512-bit vectors of the CPU, and ILGPU. Names count as identifiers and as strings, without comments.
/// </summary>
[Category("Smoke")]
public sealed partial class FormatFilesTests
{
    private const string Cpu = "src/Runtime/Kernels/Cpu/";

    /// <summary>Files that name formats for another reason than to implement them.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["src/ChipModel/Formats/CodebookGrids.cs"] = "the published code books, by the name that they have there",
        ["src/ChipModel/Formats/CodebookTables.cs"] = "the same, packed",
        ["src/ChipModel/Gpu/WeightFormat.cs"] = "what GPU engines store weights in, with sizes of their own",
        ["src/ChipModel/Gpu/GpuLibrary.cs"] = "endings of model names in measurements",
        ["src/Cli/Commands/CurveCommand.cs"] = "the value of an option when none is given",
        ["src/Compiler/Conversion/ConvertOptions.cs"] = "the values of an option",
        ["src/Compiler/Conversion/GptOssTensors.cs"] = "the name that checkpoints give their blocks",
        ["src/Compiler/Gguf/Rewrite/ChooseTensorTypes.cs"] = "llama-quantize's rules from tensor to type",
        ["src/Runtime/Kernels/Select/BackendProbe.cs"] = "times one product in a common type",
    };

    /// <summary>Class and name of each quantised format.</summary>
    public static IEnumerable<TestCaseData> Formats =>
        All.Select(format => new TestCaseData(format.Type, format.Name).SetArgDisplayNames(format.Name));

    private static IEnumerable<(string Type, string Name)> All =>
        from file in Checkout.Files("src/ChipModel/Formats", "*Format.cs")
        let declared = Declaration().Match(File.ReadAllText(file))
        where declared.Success
        let name = declared.Groups["name"].Value
        select (declared.Groups["type"].Value, name.Length > 1 ? name : "rom" + name);

    [Test]
    public void The_formats_are_found() => Assert.That(All.Select(f => f.Name), Is.SupersetOf((string[])["q4_0", "q6_k", "iq3_s", "rom4"]));

    [TestCaseSource(nameof(Formats))]
    public void A_format_is_one_file_and_at_most_one_for_each_fast_backend(string type, string name)
    {
        var places = SourceTree
            .Current.Files.Where(file => !Exceptions.ContainsKey(file.Path) && Names(file.Syntax, name, type))
            .ToLookup(file => Place(file.Path), file => file.Path, StringComparer.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(places["format"], Is.EqualTo((string[])[$"src/ChipModel/Formats/{type}Format.cs"]));
            foreach (var backend in places.Where(place => place.Key != "format"))
            {
                Assert.That(backend.Key, Is.AnyOf("avx2", "avx512", "ilgpu"), string.Join(", ", backend));
                Assert.That(backend.Count(), Is.EqualTo(1), string.Join(", ", backend));
            }
        });
    }

    [Test]
    public void Every_exception_names_a_format() =>
        Assert.Multiple(() =>
        {
            foreach (var path in Exceptions.Keys)
            {
                var file = SourceTree.Current.Files.SingleOrDefault(file => file.Path == path);
                Assert.That(file, Is.Not.Null, path);
                Assert.That(All.Any(f => Names(file!.Syntax, f.Name, f.Type)), Is.True, path);
            }
        });

    private static string Place(string path) =>
        path.StartsWith("src/ChipModel/Formats/", StringComparison.Ordinal) ? "format"
        : path.StartsWith(Cpu + "Avx512", StringComparison.Ordinal) ? "avx512"
        : path.StartsWith(Cpu, StringComparison.Ordinal) ? "avx2"
        : path.StartsWith("src/Runtime/Kernels/Gpu/", StringComparison.Ordinal) ? "ilgpu"
        : path;

    private static bool Names(SyntaxNode syntax, string name, string type) =>
        syntax
            .DescendantTokens()
            .Any(token =>
                token.Kind() switch
                {
                    SyntaxKind.StringLiteralToken => token.ValueText == name,
                    SyntaxKind.IdentifierToken => (token.ValueText == type || token.ValueText == type + "Format") && !IsActivation(token),
                    _ => false,
                }
            );

    /// <summary>Some types of activations have the name of a weight format.</summary>
    private static bool IsActivation(SyntaxToken token) =>
        token.Parent?.Parent is { } parent
        && (
            parent.ToString().StartsWith("ActivationKind.", StringComparison.Ordinal)
            || token.Parent.Parent.ToString().Contains("enum ActivationKind", StringComparison.Ordinal)
        );

    [GeneratedRegex("""class (?<type>\w+)Format\(\) : (Integer|Codebook|Rom)Format\(("(?<name>\w+)"|(?<name>\d)\))""")]
    private static partial Regex Declaration();
}
