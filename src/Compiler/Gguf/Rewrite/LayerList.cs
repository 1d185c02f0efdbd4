using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>Layers that are left out: <c>--prune-layers L0,L1,…</c> of llama-quantize.</summary>
public static class LayerList
{
    /// <summary>Reads numbers from 0 with commas between them; each counts once, in rising order.</summary>
    /// <exception cref="InputException">It is something else.</exception>
    public static IReadOnlyList<int> Parse(string text) =>
        [
            .. text.Split(',')
                .Select(number =>
                    int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
                        ? layer
                        : throw new InputException($"--prune-layers {GgufFaults.Quote(text)}: expected layer numbers such as 3,4,5")
                )
                .Distinct()
                .Order(),
        ];
}
