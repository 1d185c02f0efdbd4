using System.Globalization;
using System.Text.Json;

namespace TaalasSim.Bench.Figures;

/// <summary>Runs a program that speaks llama-bench's command line and JSON: llama-bench, or <c>taalas bench</c>.</summary>
internal static class BenchProgram
{
    public const int Prompt = 512,
        Generated = 128;

    /// <summary>Tokens per second of the prompt and of the generation, each run once after a warm-up.</summary>
    public static (double Prompt, double Generation) Measure(Func<IReadOnlyList<string>, Child> run, int threads)
    {
        static string Text(int n) => n.ToString(CultureInfo.InvariantCulture);
        using var document = JsonDocument.Parse(
            run(["-p", Text(Prompt), "-n", Text(Generated), "-t", Text(threads), "-r", "1", "-o", "json"]).Output
        );
        double Rate(string key) =>
            document.RootElement.EnumerateArray().Single(r => r.GetProperty(key).GetInt32() > 0).GetProperty("avg_ts").GetDouble();
        return (Rate("n_prompt"), Rate("n_gen"));
    }
}
