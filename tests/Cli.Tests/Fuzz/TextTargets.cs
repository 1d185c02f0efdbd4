using System.Text;
using NUnit.Framework;
using TaalasSim.Cli.Tests.Commands;
using TaalasSim.Support;

namespace TaalasSim.Cli.Tests.Fuzz;

/// <summary>Texts, tables and what commands keep for later runs.</summary>
internal static class TextTargets
{
    private static readonly string[] Templates =
    [
        "{% for m in messages %}<|{{ m['role'] }}|>{{ m.content | trim }}{% endfor %}{% if add_generation_prompt %}x{% endif %}",
        "{%- macro f(a, b=1) -%}{{ a ~ b }}{%- endmacro -%}{{ f('x') }}{% set ns = namespace(i=0) %}{% for k, v in {'a': "
            + "[1,2]}.items() %}{% set ns.i = ns.i + v|length %}{% endfor %}{{ ns.i }}",
        "{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join(',') | upper }}{{ range(3) | list | "
            + "tojson(indent=2) }}",
        "{{ (1 + 2 * 3 - 4 // 2) ** 2 }}{{ 'a' if 1 < 2 and not false else 'b' }}{{ 'abc'[::-1] }}{{ raise_exception('no') }}",
    ];

    private static readonly string[] TemplateWords =
    [
        "{{",
        "}}",
        "{%",
        "%}",
        " for x in range(100000) ",
        "|length",
        "|replace('a','b')",
        "((((",
        "[[[[",
        "*1000000",
        "'a'*",
        "endfor",
        "x.y",
        "|join(",
        "|tojson",
        "{% set a = a ~ a %}",
        "{% endfor %}",
        "strftime_now('%d')",
    ];

    public static FuzzTarget Jinja(TemporaryFolder folder) =>
        new(
            [.. Templates.Select(Encoding.UTF8.GetBytes)],
            input =>
                FuzzAnswer.Of(
                    "run",
                    TinyModel.SharedChip,
                    "-p",
                    "ab",
                    "-n",
                    "1",
                    "-t",
                    "1",
                    "--chat-template",
                    folder.File("x.jinja", input)
                ),
            IsText: false
        )
        {
            Words = TemplateWords,
        };

    public static FuzzTarget Calibration(TemporaryFolder folder) =>
        new(
            ["abcdefghijklmnopqabcdefg"u8.ToArray()],
            input =>
            {
                var file = folder.File("x.txt", input);
                return FuzzAnswer.Of(
                    FuzzTarget.Choose(
                        input,
                        ["perplexity", TinyModel.SharedChip, "-f", file, "--ctx-size", "8", "--chunks", "1", "-t", "1"],
                        ["run", TinyModel.SharedChip, "-f", file, "-n", "1", "-t", "1"]
                    )
                );
            },
            IsText: true
        );

    /// <summary>Log-probabilities as llama-perplexity writes them, with the text's tokens.</summary>
    public static FuzzTarget LogProbabilities(TemporaryFolder folder)
    {
        var (text, made) = (folder.Write("x.txt", string.Concat(Enumerable.Repeat("abcdefghij", 8))), folder.File("seed.kld"));
        string[] common = ["--ctx-size", "8", "--chunks", "2", "-t", "1"];
        var (code, _, error) = Invocation.Run(["perplexity", TinyModel.SharedChip, "-f", text, "--kl-base", made, .. common]);
        Assert.That(code, Is.Zero, error);
        return new FuzzTarget(
            [File.ReadAllBytes(made)],
            input =>
                FuzzAnswer.Of(["perplexity", TinyModel.SharedChip, "--kl-base", folder.File("x.kld", input), "--kl-divergence", "-t", "1"]),
            IsText: false,
            Head: 100
        );
    }

    public static FuzzTarget Journal(TemporaryFolder folder)
    {
        var (done, spec) = (
            folder.File("done"),
            folder.Write(
                "s.yaml",
                "name: s\nmodel: llama-3.2-1b\nfabric: hc1\nservice: { input_tokens: 8, output_tokens: 4 }\nvary:\n  - { field: "
                    + "service.users, values: [1, 2] }\n"
            )
        );
        Assert.That(Invocation.Run("sweep", spec, "-o", done, "--draws", "20").Code, Is.Zero);
        return new FuzzTarget(
            [File.ReadAllBytes(Path.Combine(done, "sweep.journal"))],
            input =>
            {
                var again = Directory.CreateDirectory(folder.File("again")).FullName;
                File.WriteAllBytes(Path.Combine(again, "sweep.journal"), input);
                return FuzzAnswer.Of("sweep", spec, "-o", again, "--draws", "20", "--threads", "1");
            },
            IsText: true
        );
    }

    public static FuzzTarget Trace(TemporaryFolder folder) =>
        new(
            ["arrival_seconds,prompt_tokens,answer_tokens\n0,100,50\n0.5,20,5\n1e1,7,9\n"u8.ToArray()],
            input => FuzzAnswer.Of("replay", "llama-3.2-1b", "--against", "h200", "--trace-file", folder.File("x.csv", input), "-t", "1"),
            IsText: true
        )
        {
            Words = ["arrival_seconds", ",", "\"", "\r\n", "1e9", "-0", "+1"],
        };

    public static FuzzTarget Series(TemporaryFolder folder)
    {
        var table = File.ReadAllBytes(Path.Combine(TinyTimesFm.Folder, "series.csv"));
        byte[] request = [.. """{"series":[1,2,3,4,5,6,7,8,9.5,-1e3],"horizon":3,"config":{"max_context":40,"max_horizon":12}}"""u8];
        return new FuzzTarget(
            [
                [0, .. table],
                [1, .. request],
            ],
            input =>
            {
                var isTable = input.Length == 0 || input[0] % 2 == 0;
                var file = folder.File(isTable ? "x.csv" : "x.json", input.AsSpan(Math.Min(1, input.Length)));
                return FuzzAnswer.Of([
                    "forecast",
                    TinyTimesFm.Folder,
                    "-t",
                    "1",
                    .. (string[])(isTable ? ["--csv", file, "--horizon", "3"] : ["--request", file]),
                ]);
            },
            IsText: true
        )
        {
            Words = [",", "\"", "NaN", "Infinity", "null", "[[", "]]", "1e999"],
        };
    }
}
