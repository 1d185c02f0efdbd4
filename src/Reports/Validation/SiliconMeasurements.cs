using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Validation;

/// <summary>Published figures of hard-wired chips: <c>chips/measurements/silicon.yaml</c> or the user's file.</summary>
public sealed record SiliconMeasurements
{
    /// <summary>The figures, in the order of the file; their identifiers differ.</summary>
    public required List<SiliconMeasurement> Rows { get; init; }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="InputException">It is malformed, or a row contradicts itself.</exception>
    public static SiliconMeasurements Read(string path)
    {
        var file = YamlReader.Read<SiliconMeasurements>(path);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in file.Rows)
        {
            string? fault =
                !seen.Add(row.Id) ? "the id appears twice"
                : row.Role is not ("calibration" or "validation" or "reference")
                    ? $"role '{row.Role}': use calibration, validation or reference"
                : row.Value is null && (row.Low is null || row.High is null) ? "give value, or low and high"
                : !(row.From > 0 && row.From <= row.Middle && row.Middle <= row.To && double.IsFinite(row.To))
                    ? "write 0 < low <= value <= high"
                : row.InputTokens < 1 || row.OutputTokens < 1 || row.Users < 1 ? "input_tokens, output_tokens and users are at least 1"
                : row.GatePct is <= 0 ? "gate_pct must be above 0"
                : row.KnownMiss.Length > 0 && row.Role != "validation" ? "known_miss is for rows of the role validation"
                : row.KnownMiss.Length > 0 && row.Unmodelled.Length > 0 ? "a row is a known miss or not modelled, not both"
                : null;
            if (fault is not null)
                throw new InputException($"{path}: row {row.Id}: {fault}");
        }

        return file;
    }
}
