using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Compiler.Export;
using TaalasSim.Compiler.Export.Masks;
using TaalasSim.Compiler.Export.Rtl;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>Names from files in every export: hidden characters are refused before anything is written, and what passes changes nothing but
/// the text where it stands.</summary>
[Category("Smoke"), NonParallelizable]
public partial class HostileNameTests
{
    private static readonly string[] Marks =
    [
        "`include \"/etc/passwd\"",
        "\\",
        "*/",
        "/*verilator public*/",
        "verilator lint_off WIDTH",
        "\"",
        "'",
        "#{`id`}",
        "$(id)",
        "`id`",
        ";",
        "|",
        "<script>alert(1)</script>",
        "&amp;",
        "=cmd()",
        "@x",
        "-x",
        "+x",
        ",",
        "%s",
        "ä",
        "😀",
        "..",
        "??/",
    ];

    private static readonly Gen<string> Name = Gen.Int[0, Marks.Length - 1]
        .Select(i => Marks[i])
        .Array[1, 5]
        .Select(parts => string.Concat(parts));

    [TestCase("name", "x\\n`include \\\"x\\\"")]
    [TestCase("name", "x\\rsystem")]
    [TestCase("name", "\\e]0;x\\a")]
    [TestCase("name", "\\u202Egpj")]
    [TestCase("file", "a\\nb")]
    public void A_hidden_character_in_chip_yaml_is_refused_by_every_command(string key, string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write("x.gds", "");
        var chip = Altered(folder, yaml => KeyLine(key).Replace(yaml, $"$1\"{text}\"", 2));
        foreach (
            var command in (string[][])
                [
                    ["export", chip, "--verilog", folder.File("out")],
                    ["export", chip, "--gds", folder.File("out")],
                    ["export", chip, "--pictures", folder.File("out")],
                    ["export", chip, "--trace", folder.File("out")],
                    ["export", chip, "--timetable", folder.File("out")],
                    ["export", chip, "--runtime-image", folder.File("out")],
                    ["report", chip, "-o", folder.File("out")],
                    ["verify-rtl", chip, "--keep", folder.File("out")],
                    ["import", folder.File("x.gds"), "--like", chip, "-o", folder.File("out")],
                    ["diff", chip, chip, "--gds", folder.File("out")],
                    ["inspect", chip],
                    ["run", chip, "-p", "x"],
                    ["compare", chip],
                    ["cost", chip],
                ]
        )
        {
            var (code, output, error) = Invocation.Run(command);
            Assert.Multiple(() =>
            {
                Assert.That(code, Is.EqualTo(2), command[0]);
                Assert.That(error, Does.Match(@"\Ataalas: .*chip\.yaml:[0-9]+: .* holds the character U\+[0-9A-F]{4}.*\n\z"), command[0]);
                Assert.That(output, Is.Empty, command[0]);
                Assert.That(Path.Exists(folder.File("out")), Is.False, command[0]);
            });
        }
    }

    [Test]
    public void A_printable_name_leaves_the_generated_Verilog_and_CPP_as_they_are()
    {
        using var image = MaskImage.Open(Invocation.DemoChip);
        var description = ChipDirectory.ReadDescription(Invocation.DemoChip);
        using var folder = new TemporaryFolder();
        var plain = Code(description, "plain");
        Name.Sample(
            name =>
            {
                var hostile = description with
                {
                    Model = description.Model with { Name = name },
                    Fabric = description.Fabric with { Name = name },
                };
                Assert.That(Code(hostile, "hostile"), Is.EqualTo(plain));
            },
            iter: 4,
            threads: 1
        );

        // The headers without their comments.
        string Code(ChipDescription chip, string target)
        {
            ExportChip.Write(image, chip, folder.File(target));
            var text = string.Concat(
                ((string[])["chip_parameters.vh", "chip_ports.vh", "chip_model.h"]).Select(f =>
                    File.ReadAllText(Path.Combine(folder.File(target), f))
                )
            );
            Assert.That(text, Does.Match(@"\A[\n -~]*\z"));
            return Comments().Replace(text, "//");
        }
    }

    [Test]
    public void A_printable_name_stays_a_text_in_the_script_for_KLayout() =>
        Name.Sample(
            name =>
            {
                using var image = MaskImage.Open(Invocation.DemoChip);
                var geometry = global::TaalasSim.Cli.Options.ChipsFolder.Masks(image.Fabric, null);
                var plain = KLayoutDeck.Text(geometry, "x.gds").Split('\n');
                var hostile = KLayoutDeck
                    .Text(global::TaalasSim.Cli.Options.ChipsFolder.Masks(geometry.Fabric with { Name = name }), name)
                    .Split('\n');
                Assert.That(hostile, Has.Length.EqualTo(plain.Length));
                for (var i = 0; i < plain.Length; i++)
                    if (!plain[i].StartsWith('#') && plain[i] != hostile[i])
                        Assert.That(Strings().Replace(hostile[i], "\"\""), Is.EqualTo(Strings().Replace(plain[i], "\"\"")));
            },
            iter: 20,
            threads: 1
        );

    [Test]
    public void A_printable_name_in_chip_yaml_reaches_pages_tables_and_pictures_as_text()
    {
        using var folder = new TemporaryFolder();
        const string Hostile = "=cmd()<script>alert('1')</script>&\\\"|@";
        var chip = Altered(folder, yaml =>
            KeyLine("name")
                .Replace(yaml, m =>
                    m.Groups[1].Value.StartsWith("    ", StringComparison.Ordinal)
                        ? m.Value
                        : $"{m.Groups[1].Value}'{Hostile.Replace("'", "''", StringComparison.Ordinal)}'"
                )
        );
        Assert.That(ChipDirectory.ReadDescription(chip).Model.Name, Is.EqualTo(Hostile));
        var (code, _, error) = Invocation.Run("report", chip, "-o", folder.File("report"));
        Assert.That(code, Is.Zero, error);
        var page = System.Xml.Linq.XDocument.Load(Path.Combine(folder.File("report"), "report.html"));
        Assert.That(page.Descendants().Where(e => e.Name.LocalName == "script"), Is.Empty);
        Assert.That(page.Root!.Value, Does.Contain(Hostile));
        foreach (var picture in Directory.GetFiles(folder.File("report"), "*.svg"))
            Assert.That(System.Xml.Linq.XDocument.Load(picture).Descendants().Where(e => e.Name.LocalName == "script"), Is.Empty, picture);
    }

    [Test]
    public void Escape_sequences_in_arguments_are_shown_as_text()
    {
        foreach (
            var command in (string[][])
                [
                    ["\u001b[2J"],
                    ["inspect", "\u001b[2J.gguf"],
                    ["run", "a\nb\u001b[2J", "-p", "x"],
                    ["fit", "x\u202e", "--fabric", "\u001b[1m"],
                    ["sweep", "\u001b[2J.yaml", "-o", "x"],
                    ["compare", "llama-3.1-8b", "--against", "\u0007"],
                    ["run", Invocation.DemoChip, "--\u001b[2J"],
                ]
        )
        {
            var (code, output, error) = Invocation.Run(command);
            Assert.That(code, Is.EqualTo(2));
            Assert.That((output + error).Where(c => c != '\n' && char.IsControl(c) || c == '\u202e'), Is.Empty, error);
            Assert.That(error.Count(c => c == '\n'), Is.EqualTo(1), error);
        }
    }

    [Test]
    public void A_model_whose_name_has_a_line_feed_is_refused()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Taalas.StoriesModel);
        var at = bytes.AsSpan().IndexOf("TaalasSim Stories 1.0M"u8);
        Assert.That(at, Is.Positive);
        bytes[at + 9] = (byte)'\n';
        var model = folder.File("model.gguf", bytes);
        var (code, _, error) = Invocation.Run("compile", model, "-o", folder.File("out"));
        Assert.That(
            (code, error.Contains("'general.name' holds the character U+000A", StringComparison.Ordinal)),
            Is.EqualTo((2, true)),
            error
        );
        var named = folder.File("a\nb.gguf", File.ReadAllBytes(Taalas.StoriesModel));
        (code, _, error) = Invocation.Run("compile", named, "-o", folder.File("out"));
        Assert.That((code, error.Contains("name of the file holds", StringComparison.Ordinal)), Is.EqualTo((2, true)), error);
        Assert.That(Path.Exists(folder.File("out")), Is.False);
    }

    // The demo chip with another description, whose digest is made anew: a digest is no signature.
    private static string Altered(TemporaryFolder folder, Func<string, string> edit)
    {
        var chip = folder.File("altered.chip");
        Directory.CreateDirectory(chip);
        foreach (var file in Directory.GetFiles(Invocation.DemoChip))
            File.Copy(file, Path.Combine(chip, Path.GetFileName(file)));
        var path = Path.Combine(chip, ChipDirectory.DescriptionName);
        var (before, after) = (File.ReadAllText(path), edit(File.ReadAllText(path)));
        Assert.That(after, Is.Not.EqualTo(before));
        File.WriteAllText(path, after, new UTF8Encoding(false));
        File.WriteAllText(Path.Combine(chip, ChipDirectory.DigestName), $"{ChipDirectory.Digest(path)}  chip.yaml\n");
        return chip;
    }

    private static Regex KeyLine(string key) =>
        new($@"^((?:  |    ){key}: ).*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));

    [GeneratedRegex("//.*", RegexOptions.CultureInvariant)]
    private static partial Regex Comments();

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""", RegexOptions.CultureInvariant)]
    private static partial Regex Strings();
}
