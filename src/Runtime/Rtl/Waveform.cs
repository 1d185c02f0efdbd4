using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Rtl;

/// <summary>
/// A waveform that a run of a chip's Verilog writes: a value change dump (VCD, IEEE 1364-2005 clause 18) of some cycles. It grows under a
/// temporary name in the same folder and is renamed when it is complete. Cycle c lasts from c to c + 1 ns.
/// </summary>
public sealed class Waveform : IDisposable
{
    /// <summary>Cycles that are written when no window is asked for.</summary>
    public const long StandardCycles = 2000;

    private readonly PendingFile _file;

    private Waveform(string path, long from, long to, PendingFile file) => (Path, From, To, _file) = (path, from, to, file);

    /// <summary>File of the waveform.</summary>
    public string Path { get; }

    /// <summary>First cycle.</summary>
    public long From { get; }

    /// <summary>Cycle behind the last.</summary>
    public long To { get; }

    /// <summary>What the program is told, see <c>chip_main.cpp</c>.</summary>
    internal IReadOnlyList<string> Arguments =>
        [_file.Temporary, From.ToString(CultureInfo.InvariantCulture), To.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Takes the place of a file, before a long build finds out that it cannot be written.</summary>
    /// <param name="path">File of the waveform; its folder must be there.</param>
    /// <param name="window">Cycles as FROM..TO, TO excluded; null for the first <see cref="StandardCycles"/>.</param>
    /// <exception cref="InputException">The window is none, or the file cannot be written.</exception>
    public static Waveform Create(string path, string? window = null)
    {
        var (from, to) = window is null ? (0, StandardCycles) : Cycles(window);
        if (System.IO.Path.GetExtension(path).Equals(".fst", StringComparison.OrdinalIgnoreCase))
            throw new InputException($"{path}: the waveform is VCD; give the file a name that ends in .vcd");
        if (path.Length == 0 || Directory.Exists(path))
            throw new InputException($"'{path}': a folder cannot become a waveform; give a file, such as chip.vcd");
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))))
            throw new InputException($"{path}: cannot be written: its folder does not exist");
        try
        {
            return new Waveform(path, from, to, new PendingFile(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Removes an incomplete file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Gives the file its name, when the run has ended.</summary>
    /// <exception cref="InputException">The run ended before the window, or the file cannot be renamed.</exception>
    internal WrittenWaveform Keep(ChipLog log)
    {
        if (From >= log.Cycles)
            throw new InputException($"waveform of cycles {From}..{To}: the run took {log.Cycles} cycles; choose a window in them");
        try
        {
            var bytes = new FileInfo(_file.Temporary).Length;
            _file.Commit();
            return new WrittenWaveform
            {
                File = Path,
                From = From,
                To = Math.Min(To, log.Cycles),
                Bytes = bytes,
                PassStarts = [.. log.Instructions.DistinctBy(i => i.Position).Select(i => i.Start)],
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{Path}: cannot be written: {e.Message}", e);
        }
    }

    private static (long From, long To) Cycles(string window) =>
        window.Split("..") is [var first, var end]
        && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
        && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var to)
        && from < to
            ? (from, to)
            : throw new InputException($"window of cycles '{window}': use FROM..TO with FROM below TO, such as 0..2000");
}
