namespace TaalasSim.Cli.Tests;

/// <summary>A command that works for longer than a signal takes to come.</summary>
/// <param name="Words">Arguments; names in braces are those of <see cref="SignalInputs"/>.</param>
internal sealed record SignalCase(params string[] Words)
{
    /// <summary>What the command says on standard error when it is at work; null where its processor time tells.</summary>
    public string? Says { get; init; }

    /// <summary>Whether it goes on until it is stopped, so that a signal is its usual end.</summary>
    public bool EndsInOrder { get; init; }

    /// <summary>Whether only <c>./test --all</c> runs it: it stops as commands of the same kind that always run.</summary>
    public bool OnlyInAll { get; init; }

    /// <summary>Program that it starts.</summary>
    public string? Needs { get; init; }

    /// <summary>Name in the list of tests: the command's words, up to the first that is no name.</summary>
    public string Name => string.Join(' ', Words.TakeWhile(w => char.IsAsciiLetter(w[0]) && !w.Contains('/')).Take(2));

    // A table of 80 points with itself: three thousand million rows.
    private const string FiveTimes = "sweep a, sweep b, sweep c, sweep d, sweep e";

    /// <summary>Every command that may work for long.</summary>
    public static SignalCase[] All { get; } =
        [
            new("run", "{chip}", "-p", "Once", "-n", "-1", "--ignore-eos", "--timing", "event", "--context", "256"),
            new("perplexity", "{chip}", "-f", "chips/demo/story.txt", "-c", "64", "--kl-divergence-base", "{out}/base.kld"),
            new("bench", "{chip}", "-p", "200", "-n", "50", "-r", "10000"),
            new("curve", "chips/demo/stories.gguf", "-f", "chips/demo/story.txt", "-c", "128", "--csv", "{out}/curve.csv"),
            new("compile", "chips/demo/stories.gguf", "-o", "{out}/new.chip", "--weights", "auto"),
            new("quantize", "{big}", "{out}/new.gguf", "q2_k"),
            new("sweep", "chips/sweeps/demo.yaml", "-o", "{out}/sweep", "--draws", "100000"),
            new("report", "llama-3.1-8b", "-o", "{out}/report"),
            new("validate", "all"),
            new("demo", "-o", "{out}/demo"),
            new("verify-rtl", "{chip}", "--keep", "{out}/kept") { Needs = "verilator" },
            new("serve", "{chip}", "--port", "0") { Says = "(Ctrl-C stops)", EndsInOrder = true },
            new("serve", "--model", "{folder}", "--port", "0", "--fabric", "hc1", "--weights", "rom4") { OnlyInAll = true },
            new("pull", "hf:a/b"),
            new("convert", "{folder}", "-o", "{out}/new.gguf", "--type", "q8_0"),
            new("forecast", "{timesfm}", "--request", "{series}", "--json"),
            new("export", "{chip}", "--pictures", "{out}/drawn"),
            new("advise", "llama-3.1-8b", "--requests", "200000"),
            new("replay", "llama-3.1-8b", "--requests", "1000000", "--csv", "{out}/new.csv") { OnlyInAll = true },
            new("import", "{masks}", "--like", "{chip}", "-o", "{out}/new.chip") { OnlyInAll = true },
            new("compare", "deepseek-r1", "--chips", "79") { OnlyInAll = true },
            new("cost", "deepseek-r1", "--chips", "79", "--workbook", "{out}/new.xlsx") { OnlyInAll = true },
            new("fit", "deepseek-r1", "--fabric", "hc1") { OnlyInAll = true },
            new("device", "campaign", "--count", "10000") { OnlyInAll = true },
            new("device", "start", "{chip}", "--foreground") { Says = "is up", EndsInOrder = true, OnlyInAll = true },
            new("sweep", "query", "{table}", $"SELECT sum(a.watts * b.watts * c.watts * d.watts * e.watts) FROM {FiveTimes}")
            {
                OnlyInAll = true,
            },
        ];
}
