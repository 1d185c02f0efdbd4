using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>An image that a trusted key signed runs; one that was changed in any way, or that nobody signed, does not where trust is
/// asked for.</summary>
[Category("Smoke"), NonParallelizable]
public class SignatureTests
{
    private static readonly Lazy<(string Chip, string Public)> Signed = new(() =>
    {
        var folder = TemporaryFolder.New();
        var (chip, name) = (Path.Combine(folder, "signed.chip"), Path.Combine(folder, "maker"));
        Need("key", "new", "-o", name);
        Need("compile", Taalas.StoriesModel, "-o", chip, "--weights", "rom4", "--sign", name + ".key");
        return (chip, name + ".pub");
    });

    [Test]
    public void A_signed_image_runs_where_trust_is_asked_for_and_gives_the_same_tokens()
    {
        var (chip, key) = Signed.Value;
        var (code, text, error) = Run(chip, key);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(error, Does.Contain("signed by a trusted key"));
            Assert.That(text, Is.EqualTo(Run(Invocation.DemoChip, null).Output));
            Assert.That(Run(chip, null).Error, Does.Contain("signed, not checked"));
            Assert.That(Run(Invocation.DemoChip, null).Error, Does.Contain("unsigned"));
        });
    }

    [Test]
    public void Any_changed_bit_is_refused_with_its_digests_made_again()
    {
        var (chip, key) = Signed.Value;
        var random = new Random(1);
        foreach (var file in Directory.GetFiles(chip))
            for (var i = 0; i < 4; i++)
            {
                using var folder = new TemporaryFolder();
                var copy = Copy(chip, folder);
                var path = Path.Combine(copy, Path.GetFileName(file));
                var bytes = File.ReadAllBytes(path);
                var bit = random.NextInt64(8L * bytes.Length);
                bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));
                File.WriteAllBytes(path, bytes);
                if (Path.GetFileName(file) is not (ChipDirectory.DigestName or ChipDirectory.SignatureName))
                    Redigest(copy, Path.GetFileName(file));
                var (code, output, error) = Run(copy, key);
                Assert.That(code, Is.EqualTo(2), $"{file} bit {bit}: {output}{error}");
                Assert.That(output, Is.Empty, $"{file} bit {bit}");
            }
    }

    [Test]
    public void An_image_of_another_key_and_an_unsigned_one_are_refused()
    {
        using var folder = new TemporaryFolder();
        Need("key", "new", "-o", folder.File("other"));
        var (code, _, error) = Run(Signed.Value.Chip, folder.File("other.pub"));
        Assert.That((code, error.Contains("none of the trusted ones", StringComparison.Ordinal)), Is.EqualTo((2, true)), error);
        (code, _, error) = Run(Invocation.DemoChip, Signed.Value.Public);
        Assert.That((code, error.Contains("the image is not signed", StringComparison.Ordinal)), Is.EqualTo((2, true)), error);
        // The signature of another image does not fit.
        var copy = Copy(Invocation.DemoChip, folder);
        File.Copy(Path.Combine(Signed.Value.Chip, "chip.sig"), Path.Combine(copy, "chip.sig"));
        File.AppendAllText(Path.Combine(copy, "chip.yaml"), "# \n");
        Redigest(copy, null);
        Assert.That(Run(copy, Signed.Value.Public).Code, Is.EqualTo(2));
        // Of several keys one is enough.
        Assert.That(
            Invocation
                .Run("run", Signed.Value.Chip, "-p", "x", "-n", "1", "--trust", folder.File("other.pub"), "--trust", Signed.Value.Public)
                .Code,
            Is.Zero
        );
    }

    [Test]
    public void Keys_are_made_once_and_the_private_one_is_for_its_owner_alone()
    {
        using var folder = new TemporaryFolder();
        Need("key", "new", "-o", folder.File("mine"));
        Assert.That(folder.Names, Is.EqualTo(new[] { "mine.key", "mine.pub" }));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(folder.File("mine.key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        var (code, _, error) = Invocation.Run("key", "new", "-o", folder.File("mine"));
        Assert.That((code, error.Contains("is never replaced", StringComparison.Ordinal)), Is.EqualTo((2, true)), error);
    }

    [TestCase("")]
    [TestCase("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    // The point of order 1: every message has a signature by it.
    [TestCase("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n-----END PUBLIC KEY-----\n")]
    public void What_is_no_key_is_refused(string text)
    {
        using var folder = new TemporaryFolder();
        var key = folder.Write("bad.pub", text);
        var (code, _, error) = Run(Signed.Value.Chip, key);
        Assert.That((code, error.Count(c => c == '\n')), Is.EqualTo((2, 1)), error);
        Assert.That(Invocation.Run("compile", Taalas.StoriesModel, "-o", folder.File("out"), "--sign", key).Code, Is.EqualTo(2));
        Assert.That(Path.Exists(folder.File("out")), Is.False);
    }

    private static (int Code, string Output, string Error) Run(string chip, string? key) =>
        Invocation.Run(["run", chip, "-p", "Once", "-n", "4", "--greedy", .. key is null ? (string[])[] : ["--trust", key]]);

    private static void Need(params string[] arguments)
    {
        var (code, _, error) = Invocation.Run(arguments);
        Assert.That(code, Is.Zero, error);
    }

    private static string Copy(string chip, TemporaryFolder folder)
    {
        var copy = Directory.CreateDirectory(folder.File("copy.chip")).FullName;
        foreach (var file in Directory.GetFiles(chip))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    // The digest of a file in chip.yaml, and that of chip.yaml.
    private static void Redigest(string chip, string? file)
    {
        var path = Path.Combine(chip, ChipDirectory.DescriptionName);
        if (file is not null and not ChipDirectory.DescriptionName)
        {
            var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(chip, file))));
            var before = File.ReadAllText(path);
            var after = new Regex(
                $@"(name: {Regex.Escape(file)}\n\s+bytes: \d+\n\s+sha256: )[0-9a-f]+",
                RegexOptions.None,
                TimeSpan.FromSeconds(5)
            ).Replace(before, "${1}" + digest);
            Assert.That(after, Is.Not.EqualTo(before));
            File.WriteAllText(path, after);
        }

        File.WriteAllText(Path.Combine(chip, ChipDirectory.DigestName), $"{ChipDirectory.Digest(path)}  chip.yaml\n");
    }
}
