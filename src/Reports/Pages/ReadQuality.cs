using System.Text.Json;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Pages;

/// <summary>Reads what <c>perplexity --json</c> measured.</summary>
public static class ReadQuality
{
    /// <summary>Facts of a file.</summary>
    /// <param name="path">Output of <c>perplexity --json</c>, with or without a comparison.</param>
    /// <param name="command">Command that measures what the file lacks.</param>
    /// <exception cref="InputException">No such file, or something else in it.</exception>
    public static QualityFacts Of(string path, string command)
    {
        var file = JsonFile.ReadObject(path);
        var facts = new List<Fact> { new("perplexity of the chip", Text(file, "perplexity"), "lower is better; ± is one standard error") };
        if (!file.TryGetProperty("divergence", out _))
            return new QualityFacts(facts, $"KL divergence and most likely tokens were not measured: run {command}");
        facts.Add(new Fact("perplexity of its source", Text(file, "perplexity_base"), "what the chip is compared with"));
        facts.Add(new Fact("KL divergence from the source", Text(file, "divergence") + " nats", "0 when both say the same"));
        facts.Add(new Fact("same most likely token", Text(file, "same_top", 100) + " %", "of the positions"));
        return new QualityFacts(facts, "");

        string Text(JsonElement root, string key, double scale = 1) =>
            $"{NumberText.Significant(scale * Number(root, key, "value"))} ± {NumberText.Significant(scale * Number(root, key, "error"))}";

        double Number(JsonElement root, string key, string part) =>
            root.TryGetProperty(key, out var estimate)
            && estimate.ValueKind == JsonValueKind.Object
            && estimate.TryGetProperty(part, out var number)
            && number.ValueKind == JsonValueKind.Number
                ? number.GetDouble()
                : throw new InputException($"{path}: has no {key}.{part}; write the file with perplexity CHIP -f TEXT --json");
    }
}
