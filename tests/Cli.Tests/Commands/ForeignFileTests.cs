using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using NUnit.Framework;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Commands;

/// <summary>Every command names a file that is something else for what it is, and never waits for a pipe.</summary>
[Category("Smoke")]
[NonParallelizable]
public sealed class ForeignFileTests
{
    private static readonly Dictionary<string, (byte[] Bytes, string Name)> Kinds = new(StringComparer.Ordinal)
    {
        ["html"] = ([.. "<!DOCTYPE html><html><body>404</body></html>"u8], "is a web page (HTML)"),
        ["gzip"] = (Gzip(), "is a gzip archive"),
        ["lfs"] = (
            [.. "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"u8],
            "is a Git LFS pointer"
        ),
        ["zip"] = ([.. "PK"u8, 3, 4, .. new byte[40]], "is a zip archive"),
        ["pdf"] = ([.. "%PDF-1.7\n%abc\n"u8], "is a PDF document"),
        ["utf16"] = ([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("name: x\n")], "is a text in UTF-16"),
    };

    // {file} stands for the file, {out} for what must not be written.
    private static readonly string[][] Commands =
    [
        ["inspect", "{file}"],
        ["fit", "{file}"],
        ["compile", "{file}", "-o", "{out}"],
        ["run", "{file}", "-p", "x"],
        ["quantize", "{file}", "{out}", "q8_0"],
        ["cost", "{file}"],
        ["convert", "{file}", "-o", "{out}"],
        ["fit", "llama-3.1-8b", "--fabric", "{file}"],
        ["sweep", "{file}", "-o", "{out}"],
        ["import", "{file}", "--like", "{chip}", "-o", "{out}"],
        ["export", "{file}", "--gds", "{out}"],
        ["perplexity", "{file}", "-f", "chips/demo/story.txt"],
        ["quantize", "{model}", "{out}", "q8_0", "--imatrix", "{file}"],
        ["forecast", "{file}", "--csv", "chips/demo/story.txt", "--horizon", "3"],
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        Commands.Select((c, i) => new TestCaseData(i).SetArgDisplayNames(string.Join(' ', c)));

    [TestCaseSource(nameof(Cases))]
    public void A_file_that_is_something_else_is_named_for_what_it_is(int command)
    {
        var folder = TemporaryFolder.New();
        Assert.Multiple(() =>
        {
            foreach (var (kind, (bytes, name)) in Kinds)
            {
                var file = Path.Combine(folder, $"{kind}.yaml");
                File.WriteAllBytes(file, bytes);
                var error = Refused(command, folder, file);
                Assert.That(error, Does.Contain($"{file}: ").And.Contains(name[3..]), kind);
            }
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void A_folder_or_a_pipe_is_refused_at_once(int command)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("makes a named pipe");
        var folder = TemporaryFolder.New();
        var pipe = Path.Combine(folder, "pipe.yaml");
        using (var make = Process.Start("mkfifo", [pipe]))
            make.WaitForExit();
        var inner = Directory.CreateDirectory(Path.Combine(folder, "inner.yaml")).FullName;
        var refused = Task.Run(() => Refused(command, folder, pipe));
        if (!refused.Wait(TimeSpan.FromSeconds(20)))
        {
            // Whoever waits for the pipe may go on.
            using (File.OpenWrite(pipe)) { }
            Assert.Fail("waits for the pipe");
        }

        Assert.That(refused.Result, Does.Contain("is a pipe or a device").Or.Contain("no such file"));
        // A folder is what these take.
        if (Commands[command][0] is not ("convert" or "export" or "perplexity" or "run" or "inspect" or "forecast" or "cost"))
            Assert.That(Refused(command, folder, inner), Does.Contain("folder"));
    }

    private static string Refused(int command, string folder, string file)
    {
        var target = Path.Combine(folder, "written");
        var (code, _, error) = Invocation.Run([
            .. Commands[command]
                .Select(a =>
                    a switch
                    {
                        "{file}" => file,
                        "{out}" => target,
                        "{chip}" => Invocation.DemoChip,
                        "{model}" => Taalas.StoriesModel,
                        _ => a,
                    }
                ),
        ]);
        Assert.That((code, Path.Exists(target)), Is.EqualTo((2, false)), error);
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n").And.Not.Contains("Exception"));
        return error;
    }

    private static byte[] Gzip()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write("name: x\n"u8);
        return packed.ToArray();
    }
}
