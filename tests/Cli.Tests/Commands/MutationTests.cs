using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Changed descriptions, images and journals end in a documented exit code and one line, quickly and in little memory.</summary>
/// <remarks>A crash would end this process.</remarks>
[TestFixture]
[NonParallelizable]
[Category("Smoke")]
public sealed class MutationTests
{
    // Processor time, so that a busy machine does not matter; memory of the whole test process.
    private const double MostSeconds = 5;
    private const long MostBytes = 1L << 30;

    private static readonly string[] Numbers =
    [
        "0",
        "-1",
        "1",
        "2147483647",
        "-2147483648",
        "4294967296",
        "9223372036854775807",
        "1e308",
        "1e-308",
        ".nan",
        ".inf",
        "-.inf",
        "0.5",
        "''",
        "null",
        "true",
        "[]",
        "{}",
        "/dev/zero",
        "../x",
    ];

    private static int Count => Shared.All ? 10_000 : 40;

    [Test]
    public void Fabrics() =>
        Mutate(
            File.ReadAllBytes(Shared.InRepo("chips/fabrics/demo.yaml")),
            (file, folder, random) =>
                random.Next(3) switch
                {
                    0 => ["fit", "llama-3.2-1b", "--fabric", file],
                    1 => ["cost", "llama-3.2-1b", "--fabric", file],
                    _ => ["fit", Shared.InRepo("chips/demo/stories.gguf"), "--fabric", file],
                },
            "f.yaml"
        );

    [Test]
    public void Shapes() =>
        Mutate(
            File.ReadAllBytes(Shared.InRepo("chips/models/deepseek-v2-lite.yaml")),
            (file, folder, random) => ["fit", file, "--fabric", "hc1", "--json"],
            "m.yaml"
        );

    [Test]
    public void Sweeps() =>
        Mutate(
            Encoding.UTF8.GetBytes(
                "name: s\nmodel: llama-3.2-1b\nfabric: hc1\nservice: { input_tokens: 8, output_tokens: 4, users: 1 }\nvary:\n"
                    + "  - { field: fabric.bank.rows, values: [128, 256] }\n  - { field: fabric.clock_ghz, range: { from: 0.5, "
                    + "to: 1, steps: 2 } }\n"
                    + "mode: grid\nseed: 1\n"
            ),
            (file, folder, random) => ["sweep", file, "-o", Path.Combine(folder, "out"), "--draws", "20", "--threads", "1"],
            "s.yaml",
            Count / 2
        );

    [Test]
    public void Journals()
    {
        using var folder = new TemporaryFolder();
        var sweep = folder.Write(
            "s.yaml",
            "name: s\nmodel: llama-3.2-1b\nfabric: hc1\nservice: { input_tokens: 8, output_tokens: 4 }\nvary:\n  - { field: "
                + "service.users, values: [1, 2] }\n"
        );
        var made = folder.File("made");
        Assert.That(Invocation.Run("sweep", sweep, "-o", made, "--draws", "20").Code, Is.Zero);
        var journal = File.ReadAllBytes(Path.Combine(made, "sweep.journal"));
        Mutate(
            journal,
            (file, target, random) => ["sweep", sweep, "-o", Path.GetDirectoryName(file)!, "--draws", "20", "--threads", "1"],
            "sweep.journal",
            Count / 2
        );
    }

    [TestCase(ChipDirectory.DescriptionName)]
    [TestCase(ChipDirectory.WeightsName)]
    [TestCase(ChipDirectory.DataflowName)]
    [TestCase(ChipDirectory.TokenizerName)]
    public void Images(string name)
    {
        var original = TinyModel.Chip();
        var text = File.ReadAllText(Path.Combine(original, ChipDirectory.DescriptionName));
        var good = File.ReadAllBytes(Path.Combine(original, name));
        var digest = Convert.ToHexStringLower(SHA256.HashData(good));
        Mutate(
            good,
            (file, folder, random) =>
            {
                // A copy each time: what an earlier command holds open does not matter.
                var chip = Directory.CreateDirectory(Path.Combine(folder, "chip")).FullName;
                foreach (var part in Directory.GetFiles(original))
                    File.Copy(part, Path.Combine(chip, Path.GetFileName(part)));
                var description = Path.Combine(chip, ChipDirectory.DescriptionName);
                File.Copy(file, Path.Combine(chip, name), overwrite: true);
                // A digest is no signature: whoever changes a file makes it again.
                if (name != ChipDirectory.DescriptionName)
                    File.WriteAllText(
                        description,
                        text.Replace(digest, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), StringComparison.Ordinal)
                            .Replace(
                                $"bytes: {good.Length}",
                                string.Create(CultureInfo.InvariantCulture, $"bytes: {new FileInfo(file).Length}"),
                                StringComparison.Ordinal
                            )
                    );
                File.WriteAllText(
                    Path.Combine(chip, ChipDirectory.DigestName),
                    $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(description)))}  {ChipDirectory.DescriptionName}\n"
                );
                return random.Next(5) switch
                {
                    0 => ["run", chip, "-p", "a", "-n", "2"],
                    1 => ["inspect", chip],
                    2 => ["cost", chip],
                    3 => ["export", chip, "--gds", Path.Combine(folder, "x.gds")],
                    _ => ["run", chip, "-p", "b", "-n", "1", "--numerics", "hardware"],
                };
            },
            "file.bin"
        );
    }

    private static void Mutate(byte[] good, Func<string, string, Random, string[]> command, string name, int? count = null)
    {
        var seed = Environment.TickCount;
        using var folder = new TemporaryFolder();
        var me = Process.GetCurrentProcess();
        for (var i = 0; i < (count ?? Count); i++)
        {
            var random = new Random(seed + i);
            var place = Directory.CreateDirectory(folder.File(i.ToString(CultureInfo.InvariantCulture))).FullName;
            var file = Path.Combine(place, name);
            File.WriteAllBytes(file, Changed(good, random));
            var args = command(file, place, random);
            var told = $"seed {seed + i}: {string.Join(' ', args)}; the input is {file}";
            var before = me.TotalProcessorTime;
            (int Code, string Output, string Error) result;
            try
            {
                result = Invocation.Run(args);
            }
            catch (Exception e) when (e is not AssertionException)
            {
                var kept = Shared.Keep($"mutation-{seed + i}-{name}", File.ReadAllBytes(file));
                throw new AssertionException($"{told} (kept as {kept}): {e}", e);
            }

            me.Refresh();
            Assert.That(result.Code, Is.AnyOf(0, 1, 2, 3), $"{told}\n{result.Error}");
            Assert.That(result.Error, Does.Not.Contain("Exception").And.Not.Contain("   at "), told);
            if (result.Code == 2)
                Assert.That(result.Error, Does.Contain("taalas: ").Or.Contain("\"error\":{"), told);
            Assert.That((me.TotalProcessorTime - before).TotalSeconds, Is.LessThan(MostSeconds), told);
            Assert.That(GC.GetTotalMemory(forceFullCollection: false), Is.LessThan(MostBytes), told);
            Directory.Delete(place, recursive: true);
        }
    }

    private static byte[] Changed(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            if (bytes.Count == 0)
                break;
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(
                        at,
                        bytes.GetRange(random.Next(bytes.Count), 0).Concat(bytes.Skip(at).Take(random.Next(60))).ToArray()
                    );
                    break;
                case 5:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(new string(random.Next(2) == 0 ? '[' : '\0', random.Next(1, 3000))));
                    break;
                default:
                    ReplaceNumber(bytes, random);
                    break;
            }
        }

        return [.. bytes];
    }

    // A number of a text becomes another one; of a binary file four bytes become a count.
    private static void ReplaceNumber(List<byte> bytes, Random random)
    {
        var digits = Enumerable.Range(0, bytes.Count).Where(i => char.IsAsciiDigit((char)bytes[i])).ToArray();
        if (digits.Length * 20 < bytes.Count)
        {
            var word = BitConverter.GetBytes(random.Next(3) == 0 ? random.Next() : random.Next(64) - 4);
            var from = random.Next(Math.Max(1, Math.Min(bytes.Count, 4096) - 4));
            for (var i = 0; i < 4 && from + i < bytes.Count; i++)
                bytes[from + i] = word[i];
            return;
        }

        var at = digits[random.Next(digits.Length)];
        while (at > 0 && (char.IsAsciiDigit((char)bytes[at - 1]) || bytes[at - 1] is (byte)'.' or (byte)'-'))
            at--;
        var end = at;
        while (end < bytes.Count && (char.IsAsciiDigit((char)bytes[end]) || bytes[end] is (byte)'.' or (byte)'-' or (byte)'e'))
            end++;
        bytes.RemoveRange(at, end - at);
        bytes.InsertRange(at, Encoding.UTF8.GetBytes(Numbers[random.Next(Numbers.Length)]));
    }
}
