using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.MaskFill;

/// <summary>Puts adapters into the SRAM beside the banks, in the types that their files have.</summary>
public static class FillAdapterSram
{
    /// <summary>Adapters as stored on the chip: file after file, in each file in the order of the ports.</summary>
    /// <exception cref="InputException">An adapter acts on something that no SRAM port serves.</exception>
    public static IReadOnlyList<AdapterPlan> Plan(IReadOnlyList<LoraAdapter> adapters, IReadOnlyList<MatrixPlan> ports) =>
        [
            .. Placed(adapters, ports)
                .Select(p => new AdapterPlan
                {
                    Matrix = p.Port.Id,
                    Rank = p.Pair.Rank,
                    Scale = p.Pair.Scale,
                    FormatA = Format(p.Pair.A).Name,
                    FormatB = Format(p.Pair.B).Name,
                    BytesA = AdapterSram.Bytes(Format(p.Pair.A), p.Port.Inputs, p.Pair.Rank),
                    BytesB = AdapterSram.Bytes(Format(p.Pair.B), p.Pair.Rank, p.Port.Outputs),
                }),
        ];

    /// <summary>Writes the SRAM's contents.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="adapters">Adapters, as given to <see cref="Plan"/>.</param>
    /// <param name="plan">What <see cref="Plan"/> gave.</param>
    /// <param name="ports">Ports of the chip.</param>
    public static void Write(
        Stream stream,
        IReadOnlyList<LoraAdapter> adapters,
        IReadOnlyList<AdapterPlan> plan,
        IReadOnlyList<MatrixPlan> ports
    )
    {
        var layout = AdapterSram.For(plan, ports);
        stream.Write(layout.Header());
        var index = 0;
        foreach (var (pair, port) in Placed(adapters, ports))
        {
            stream.Position = layout.Offsets[index++];
            stream.Write(Bank(pair.A, port.Inputs, pair.Rank));
            stream.Position = layout.Offsets[index++];
            stream.Write(Bank(pair.B, pair.Rank, port.Outputs));
        }

        stream.SetLength(layout.FileBytes);
    }

    private static IEnumerable<(LoraPair Pair, MatrixPlan Port)> Placed(
        IReadOnlyList<LoraAdapter> adapters,
        IReadOnlyList<MatrixPlan> ports
    )
    {
        foreach (var adapter in adapters)
        {
            var pairs = adapter.Pairs.ToDictionary(p => p.Tensor, StringComparer.Ordinal);
            foreach (var port in ports)
                if (pairs.Remove(port.Name, out var pair))
                    yield return pair.IsEmbedding
                        ? throw new InputException(
                            $"{adapter.Request.Path}: adapts the token embedding, which is read from ROM row by row and has no SRAM "
                                + "port; merge the adapter with --lora"
                        )
                        : (pair, port);
            if (pairs.Values.FirstOrDefault() is { } left)
                throw new InputException(
                    $"{adapter.Request.Path}: adapts {left.Tensor}, "
                        + $"{(left.IsExperts ? "whose experts have no SRAM ports" : "which is no matrix of the chip")}; merge the "
                        + "adapter with --lora"
                );
        }
    }

    private static CodeFormat Format(GgufTensor tensor) => CodeFormats.OfGgml(tensor.Type.GgmlType);

    private static byte[] Bank(GgufTensor tensor, int inputs, int outputs)
    {
        var format = Format(tensor);
        var bank = new byte[PanelLayout.BankBytes(format, inputs, outputs)];
        var panelBytes = (int)PanelLayout.PanelBytes(format, inputs);
        for (var o = 0; o < outputs; o++)
            PanelLayout.Scatter(
                format,
                tensor.Row(o),
                bank.AsSpan(o / PanelLayout.Columns * panelBytes, panelBytes),
                o % PanelLayout.Columns
            );
        return bank;
    }
}
