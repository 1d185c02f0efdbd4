using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>Chip images and what is exchanged about them: GDSII, mask rules, keys.</summary>
internal static class ImageTargets
{
    /// <summary>One file of the image is changed and its digests are made again: a digest is no signature.</summary>
    public static FuzzTarget Image(TemporaryFolder folder)
    {
        var (parts, chip) = (new FuzzParts(TinyModel.SharedChip), folder.File("x.chip"));
        return new FuzzTarget(
            parts.Seeds,
            input =>
            {
                var changed = parts.Write(chip, input);
                if (changed != ChipDirectory.DigestName)
                    MakeDigests(chip, changed);
                return Use(folder, chip, input);
            },
            IsText: false
        );
    }

    public static FuzzTarget Description(TemporaryFolder folder)
    {
        var chip = folder.File("x.chip");
        return new FuzzTarget(
            [File.ReadAllBytes(Path.Combine(TinyModel.SharedChip, ChipDirectory.DescriptionName))],
            input =>
            {
                Copy(TinyModel.SharedChip, chip);
                File.WriteAllBytes(Path.Combine(chip, ChipDirectory.DescriptionName), input);
                MakeDigests(chip, ChipDirectory.DescriptionName);
                return Use(folder, chip, input);
            },
            IsText: true
        )
        {
            Words = ["banks: ", "outputs: ", "rom3", "f32", "../", "/dev/zero", "- { ", " }", "&a ", "*a", "null"],
        };
    }

    public static FuzzTarget Gds(TemporaryFolder folder)
    {
        var gds = folder.File("seed.gds");
        Assert.That(Invocation.Run("export", TinyModel.SharedChip, "--gds", gds).Code, Is.Zero);
        return new FuzzTarget(
            [File.ReadAllBytes(gds)],
            input => FuzzAnswer.Of("import", folder.File("x.gds", input), "--like", TinyModel.SharedChip, "-o", folder.File("out.chip")),
            IsText: false,
            Head: 4000
        );
    }

    public static FuzzTarget MaskRules(TemporaryFolder folder) =>
        new(
            [File.ReadAllBytes(Shared.InRepo("chips/masks/n6.yaml")), File.ReadAllBytes(Shared.InRepo("chips/masks/n65.yaml"))],
            input =>
                FuzzAnswer.Of(
                    "export",
                    TinyModel.SharedChip,
                    "--gds",
                    folder.File("x.gds"),
                    "--bank",
                    "0",
                    "--rules",
                    folder.File("x.yaml", input)
                ),
            IsText: true
        )
        {
            Words = ["base: n6", "{ value: 1, low: 0, high: 2 }", "&a ", "*a", "~"],
        };

    public static FuzzTarget Key(TemporaryFolder folder)
    {
        Assert.That(Invocation.Run("key", "new", "-o", folder.File("seed")).Code, Is.Zero);
        var model = ModelTargets.Tiny(folder);
        Assert.That(Invocation.Run("compile", model, "-o", folder.File("signed.chip"), "--sign", folder.File("seed.key")).Code, Is.Zero);
        return new FuzzTarget(
            [File.ReadAllBytes(folder.File("seed.pub")), File.ReadAllBytes(folder.File("seed.key"))],
            input =>
                input.AsSpan().IndexOf("PRIV"u8) < 0
                    ? FuzzAnswer.Of(
                        "run",
                        folder.File("signed.chip"),
                        "--prompt-ids",
                        "1",
                        "-n",
                        "1",
                        "--trust",
                        folder.File("x.pub", input)
                    )
                    : FuzzAnswer.Of("compile", model, "-o", folder.File("y.chip"), "--sign", folder.File("x.key", input)),
            IsText: false
        );
    }

    private static FuzzAnswer Use(TemporaryFolder folder, string chip, byte[] input) =>
        FuzzAnswer.Of(
            FuzzTarget.Choose(
                input,
                ["run", chip, "--prompt-ids", "1,2", "-n", "2", "--greedy", "-t", "1"],
                ["run", chip, "-p", "b", "-n", "1", "--numerics", "hardware", "-t", "1"],
                ["run", chip, "-p", "b", "-n", "1", "--timing", "event", "-t", "1"],
                ["inspect", chip],
                ["cost", chip],
                ["export", chip, "--timetable", folder.File("x.csv")],
                ["export", chip, "--gds", folder.File("x.gds")],
                ["export", chip, "--runtime-image", folder.File("x.bin")],
                ["export", chip, "--verilog", folder.File("verilog")]
            )
        );

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static void MakeDigests(string chip, string changed)
    {
        var (file, description) = (Path.Combine(chip, changed), Path.Combine(chip, ChipDirectory.DescriptionName));
        if (changed != ChipDirectory.DescriptionName && File.Exists(file))
        {
            var text = File.ReadAllText(description);
            var entry = new Regex(
                $@"(name: {Regex.Escape(changed)}\n\s+bytes: )\d+(\n\s+sha256: )[0-9a-f]+",
                RegexOptions.None,
                TimeSpan.FromSeconds(5)
            );
            File.WriteAllText(
                description,
                entry.Replace(text, m =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{m.Groups[1].Value}{new FileInfo(file).Length}{m.Groups[2].Value}{Digest(file)}"
                    )
                )
            );
        }

        if (File.Exists(description))
            File.WriteAllText(Path.Combine(chip, ChipDirectory.DigestName), $"{Digest(description)}  {ChipDirectory.DescriptionName}\n");
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
