using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.ChipModel.MaskLayers;

/// <summary>
/// Contents of the SRAM that holds adapters, as the file <c>adapters.sram</c>: 64 bytes of header, then A and B of every adapter in the
/// order of the plan, each a bank of panels (<see cref="PanelLayout"/>) on a 64-byte boundary.
/// </summary>
public sealed class AdapterSram
{
    /// <summary>Bytes before the first matrix.</summary>
    public const int HeaderBytes = 64;

    private const int Alignment = 64;

    private AdapterSram(long[] offsets, long fileBytes)
    {
        Offsets = offsets;
        FileBytes = fileBytes;
    }

    /// <summary>First byte of A and of B of every adapter: [2 × adapter] and [2 × adapter + 1].</summary>
    public IReadOnlyList<long> Offsets { get; }

    /// <summary>Bytes of the file, header and padding included.</summary>
    public long FileBytes { get; }

    private static ReadOnlySpan<byte> Magic => "TAALAS ADAPTERS\u0001"u8;

    /// <summary>Places of all matrices.</summary>
    /// <param name="adapters">Adapters.</param>
    /// <param name="matrices">Matrices of the chip.</param>
    public static AdapterSram For(IReadOnlyList<AdapterPlan> adapters, IReadOnlyList<MatrixPlan> matrices)
    {
        var offsets = new long[2 * adapters.Count];
        long at = HeaderBytes;
        for (var i = 0; i < adapters.Count; i++)
        {
            var matrix = matrices[adapters[i].Matrix];
            offsets[2 * i] = at;
            at = Aligned(at + PanelLayout.BankBytes(CodeFormats.Named(adapters[i].FormatA), matrix.Inputs, adapters[i].Rank));
            offsets[(2 * i) + 1] = at;
            at = Aligned(at + PanelLayout.BankBytes(CodeFormats.Named(adapters[i].FormatB), adapters[i].Rank, matrix.Outputs));
        }

        return new AdapterSram(offsets, at);
    }

    /// <summary>Bytes that a matrix takes in SRAM: whole blocks of every output, without the unused columns of the file's last
    /// panel.</summary>
    public static long Bytes(CodeFormat format, int inputs, long outputs) =>
        PanelLayout.Blocks(format, inputs) * outputs * format.BlockBytes;

    /// <summary>First bytes of the file.</summary>
    public byte[] Header()
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        return header;
    }

    /// <summary>Checks the header and size of a file.</summary>
    /// <exception cref="InputException">It is something else.</exception>
    public void Check(ReadOnlySpan<byte> header, long fileBytes, string path)
    {
        if (fileBytes != FileBytes || !header.SequenceEqual(Header()))
            throw new InputException($"{path}: is not the SRAM contents that chip.yaml describes; compile the image again");
    }

    private static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
