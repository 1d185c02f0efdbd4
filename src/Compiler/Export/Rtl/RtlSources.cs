using System.Reflection;

namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>The Verilog and C++ that every export copies as they are: the files of the folders <c>Verilog</c> and <c>Verilator</c>,
/// embedded in this assembly. What differs from chip to chip is in their parameters, in generated headers and in data files.</summary>
public static class RtlSources
{
    /// <summary>Arithmetic of the vector clusters, called through DPI-C.</summary>
    public const string VectorModel = "vector_model.cpp";

    /// <summary>Main program of a whole chip: clock, reset, prompt.</summary>
    public const string ChipMain = "chip_main.cpp";

    /// <summary>Tells Verilator to compile a site once for the whole chip, and the KV memory of a region as well.</summary>
    public const string ChipConfiguration = "chip.vlt";

    /// <summary>Leaves the insides of what <see cref="ChipConfiguration"/> compiles once out of waveforms: Verilator could trace one
    /// instance only. Their ports stay.</summary>
    public const string WaveformConfiguration = "wave.vlt";

    /// <summary>Modules that a site consists of, lowest first.</summary>
    private static readonly string[] Bank =
    [
        "delay.v",
        "full_adder.v",
        "ripple_adder.v",
        "products.v",
        "code_decoder.v",
        "column.v",
        "scale_unit.v",
        "register_file.v",
        "rom.v",
        "bank.v",
        "reduce_node.v",
        "reduction_tree.v",
        "collect.v",
    ];

    /// <summary>Modules of a matrix port, lowest first; all can be synthesised.</summary>
    public static IReadOnlyList<string> Port { get; } = [.. Bank, "matrix_port.v"];

    /// <summary>Modules of a whole chip, lowest first; all but <c>vector_unit</c> can be synthesised.</summary>
    public static IReadOnlyList<string> Chip { get; } =
    [
        .. Bank,
        "clock_gate.v",
        "site.v",
        "collector.v",
        "row_stream.v",
        "ingress.v",
        "embedding_site.v",
        "embedding_port.v",
        "kv_memory.v",
        "sampler.v",
        "forward_link.v",
        "vector_unit.v",
        "sequencer.v",
        "chip.v",
    ];

    /// <summary>Files that go with a chip's modules.</summary>
    internal static IReadOnlyList<string> ChipPrograms { get; } = [VectorModel, ChipMain, ChipConfiguration];

    /// <summary>Contents of a file.</summary>
    /// <param name="file">Its name without a folder.</param>
    public static string Text(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)
            ?? throw new ArgumentException($"'{file}' is not an exported source", nameof(file));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Copies files into a folder, which is made when absent.</summary>
    public static void Write(string folder, params IEnumerable<string> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in files)
            File.WriteAllText(Path.Combine(folder, file), Text(file));
    }
}
