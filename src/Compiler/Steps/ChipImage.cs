using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Steps;

/// <summary>The last stage: a chip image that is written.</summary>
/// <param name="Description">Its chip.yaml.</param>
public sealed record ChipImage(ChipDescription Description) : Stage
{
    /// <inheritdoc/>
    public override void WriteText(TextWriter text) => text.Write(YamlText.Write(Description));
}
