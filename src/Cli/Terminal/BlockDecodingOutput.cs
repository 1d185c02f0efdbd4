using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Cli.Terminal;

/// <summary>The table of a diffusion model in blocks beside a causal model of the same sizes.</summary>
internal static class BlockDecodingOutput
{
    /// <summary>Writes the table and what it says of the claim.</summary>
    public static void Write(TextWriter text, BlockDecoding blocks)
    {
        text.WriteLine(
            $"\nBlocks of {blocks.Block}, {NumberText.Significant(blocks.TokensPerStep)} tokens a step, beside a causal model of the same "
                + $"sizes; one user, best estimates; banks serve {blocks.PositionsPerRead} "
                + $"position{(blocks.PositionsPerRead == 1 ? "" : "s")} a read, {NumberText.Significant(blocks.Mm2)} mm²"
        );
        var table = new TextTable()
            .Words("")
            .Words("decodes")
            .Numbers("tokens/s")
            .Numbers("passes/token")
            .Numbers("positions/token")
            .Numbers("W")
            .Numbers("mJ/token");
        foreach (var row in blocks.Rows)
            table.Row(
                row.System,
                row.InBlocks ? "in blocks" : "token by token",
                NumberText.Significant(row.TokensPerSecondUser),
                NumberText.Significant(row.PassesPerToken),
                NumberText.Significant(row.PositionsPerToken),
                NumberText.Significant(row.Watts),
                NumberText.Significant(1e3 * row.JoulesPerToken)
            );
        table.Write(text);
        if (blocks is not { OnGpu: { } onGpu, Both: { } both, SameMethod: { } same, TokenByToken: { } plain })
            return;
        text.WriteLine(
            $"In blocks the chip is {NumberText.Significant(blocks.OnChip)} times as fast as token by token, {blocks.Rows[2].System} "
                + $"{NumberText.Significant(onGpu)} times."
        );
        text.WriteLine(
            $"Chip over {blocks.Rows[2].System}: {NumberText.Significant(plain)} times where both decode token by token, "
                + $"{NumberText.Significant(same)} times where both decode in blocks, {NumberText.Significant(both)} times for the chip in "
                + $"blocks over {blocks.Rows[2].System} token by token; {NumberText.Significant(blocks.Claim.Headline.Low)} to "
                + $"{NumberText.Significant(blocks.Claim.Headline.High)} times are claimed."
        );
    }
}
