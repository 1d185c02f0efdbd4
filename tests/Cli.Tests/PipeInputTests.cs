using System.Runtime.InteropServices;
using NUnit.Framework;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests;

/// <summary>A pipe that nobody writes to stands where a file is expected: refused in one line before it is opened, which would never
/// end.</summary>
[Category("Smoke"), NonParallelizable]
public sealed partial class PipeInputTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[][] Commands =
    [
        ["inspect", "{pipe}"],
        ["compile", "{model}", "-o", "{out}", "--lora", "{pipe}"],
        ["quantize", "{model}", "{out}", "q4_0", "--imatrix", "{pipe}"],
        ["perplexity", "{chip}", "--kl-base", "{pipe}", "--kl-divergence"],
        ["import", "{pipe}", "--like", "{chip}", "-o", "{out}"],
        ["validate", "gpu", "--measurements", "{pipe}.csv"],
        ["fit", "llama-3.2-1b", "--fabric", "{pipe}.yaml"],
        ["convert", "{config.json}", "-o", "{out}"],
        ["convert", "{tokenizer.model}", "-o", "{out}"],
        ["convert", "{model.safetensors}", "-o", "{out}"],
        ["convert", "{chat_template.jinja}", "-o", "{out}"],
    ];

    [TestCaseSource(nameof(Commands))]
    public void A_pipe_is_no_file(params string[] command)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("pipes are refused on Linux");
        using var folder = new TemporaryFolder();
        TinyModel.Write(folder.File("tiny.gguf"), addMetadata: null);
        var run = Task.Run(() => Invocation.Run([.. command.Select(word => Placed(word, folder))]));
        Assert.That(run.Wait(Patience), Is.True, "waits for the pipe");
        var (code, _, error) = run.Result;
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2), error);
            Assert.That(error, Does.Contain("is a pipe or a device").And.Not.Contain("\n\n"));
            Assert.That(error.Count(c => c == '\n'), Is.EqualTo(1), error);
        });
    }

    // A word in braces is a file of a model's folder that is a pipe.
    private static string Placed(string word, TemporaryFolder folder)
    {
        if (word.StartsWith("{pipe}", StringComparison.Ordinal))
            return Pipe(folder.File("pipe" + word["{pipe}".Length..]));
        if (!word.StartsWith('{'))
            return word;
        return word switch
        {
            "{model}" => folder.File("tiny.gguf"),
            "{chip}" => TinyModel.SharedChip,
            "{out}" => folder.File("out"),
            _ => Model(word.Trim('{', '}'), folder),
        };
    }

    private static string Model(string pipe, TemporaryFolder folder)
    {
        using var made = new TinyFolder();
        var target = Directory.CreateDirectory(folder.File("folder")).FullName;
        foreach (var file in Directory.GetFiles(made.Written()))
            File.Move(file, Path.Combine(target, Path.GetFileName(file)));
        File.Delete(Path.Combine(target, pipe));
        if (pipe == "tokenizer.model")
            File.Delete(Path.Combine(target, "tokenizer.json"));
        _ = Pipe(Path.Combine(target, pipe));
        return target;
    }

    private static string Pipe(string path)
    {
        Assert.That(mkfifo(path, 0b110_000_000), Is.Zero);
        return path;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);
}
