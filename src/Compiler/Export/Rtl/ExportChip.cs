using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TaalasSim.ChipModel.BankStyles;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.Timing;
using TaalasSim.Compiler.Graph;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>
/// Writes a whole chip as Verilog: banks with their ROM contents, reduction, network, KV memory, sampler and sequencer, and a C++ model of
/// the vector clusters. With Verilator it generates tokens.
/// </summary>
public static class ExportChip
{
    /// <summary>Name of the top module and of its file without extension.</summary>
    public const string Top = "chip";

    /// <summary>Writes into a folder, which is made when absent.</summary>
    /// <param name="image">The two layers.</param>
    /// <param name="description">The chip's description.</param>
    /// <param name="folder">Target.</param>
    /// <param name="cancel">Stops between banks.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="InputException">The chip has something without Verilog, or the folder cannot be written.</exception>
    public static ChipRtl Write(MaskImage image, ChipDescription description, string folder, CancellationToken cancel = default)
    {
        var plan = description.Plan();
        var schedule = BuildTokenSchedule.From(plan);
        var graph = BuildModelGraph.Of(description);
        var config = ChipRtlConfig.For(plan, schedule);
        var program = ChipProgram.From(graph, plan, config, description.Vectors);
        var chip = new ChipRtl
        {
            Plan = plan,
            Schedule = schedule,
            Graph = graph,
            Config = config,
            Program = program,
            Straps = image.Straps,
        };
        OutputFolder.Fill(folder, inside => WriteFiles(chip, image, description.Traits, inside, cancel));
        return chip;
    }

    private static void WriteFiles(ChipRtl chip, MaskImage image, ModelTraits traits, string folder, CancellationToken cancel)
    {
        RtlSources.Write(folder, [.. RtlSources.Chip, .. RtlSources.ChipPrograms]);
        Text("chip_parameters.vh", WriteChipParameters.Text(chip));
        Text("chip_ports.vh", WriteChipPorts.Text(chip, image));
        Text("chip_model.h", WriteChipModel.Text(chip, traits));
        Text("program.hex", string.Concat(chip.Program.Instructions.Select(i => i.ToHex(chip.Plan.Matrices.Count) + "\n")));
        Text("vectors.hex", Vectors(image));
        for (var site = 0; site < image.Straps.Count; site++)
        {
            cancel.ThrowIfCancellationRequested();
            if (image.Straps[site].Matrix >= 0)
                WriteRom(image, site, folder);
        }

        void Text(string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);
    }

    // Every bank has the fabric's rows and columns; what the mask leaves empty is zero.
    private static void WriteRom(MaskImage image, int site, string folder)
    {
        var port = image.Ports[image.Straps[site].Matrix];
        var bank = BankContents.Of(image, site);
        var row = new long[port.BankColumns];
        var codeBits = CodeFormats.Named(port.Format).CodeBits;
        HexRows.Write(
            Path.Combine(folder, $"site_{site}.codes.hex"),
            Enumerable.Range(0, port.BankRows).Select(r => Row(c => r < bank.Codes[c].Length ? bank.Codes[c][r] : 0, codeBits))
        );
        HexRows.Write(
            Path.Combine(folder, $"site_{site}.scales.hex"),
            Enumerable
                .Range(0, (port.BankRows + BankArithmetic.BlockRows - 1) / BankArithmetic.BlockRows)
                .Select(b => Row(c => b < bank.Scales[c].Length ? bank.Scales[c][b] : 0, BankArithmetic.ScaleBits))
        );

        string Row(Func<int, long> field, int bits)
        {
            for (var c = 0; c < row.Length; c++)
                row[c] = c < bank.Codes.Length ? field(c) : 0;
            return HexRows.Format(row, bits);
        }
    }

    private static string Vectors(MaskImage image)
    {
        var bytes = new byte[checked((int)image.VectorBytes)];
        image.ReadVectors(0, bytes);
        var text = new StringBuilder();
        foreach (var bits in MemoryMarshal.Cast<byte, uint>(bytes))
            text.Append(bits.ToString("x8", CultureInfo.InvariantCulture)).Append('\n');
        return text.ToString();
    }
}
