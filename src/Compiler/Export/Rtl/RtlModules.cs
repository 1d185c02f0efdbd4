namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>The parameterised Verilog-2005 modules of the fabric, one module a file; the same for every chip.</summary>
public static partial class RtlModules
{
    /// <summary>Modules that can be synthesised, lowest first; <c>matrix_port</c> is the top.</summary>
    public static IReadOnlyList<(string File, string Text)> Design { get; } =
    [
        ("delay.v", Delay),
        ("full_adder.v", FullAdder),
        ("ripple_adder.v", RippleAdder),
        ("products.v", Products),
        ("code_decoder.v", CodeDecoder),
        ("column.v", Column),
        ("scale_unit.v", ScaleUnit),
        ("register_file.v", RegisterFile),
        ("rom.v", Rom),
        ("bank.v", Bank),
        ("reduce_node.v", ReduceNode),
        ("collect.v", Collect),
        ("matrix_port.v", MatrixPort),
    ];

    /// <summary>Modules of a whole chip beside those of the banks, lowest first; all but <c>vector_unit</c> can be synthesised.</summary>
    public static IReadOnlyList<(string File, string Text)> Chip { get; } =
    [
        ("clock_gate.v", ClockGate),
        ("site.v", Site),
        ("collector.v", Collector),
        ("row_stream.v", RowStream),
        ("ingress.v", Ingress),
        ("embedding_site.v", EmbeddingSite),
        ("embedding_port.v", EmbeddingPort),
        ("kv_memory.v", KvMemory),
        ("sampler.v", Sampler),
        ("forward_link.v", ForwardLink),
        ("vector_unit.v", VectorUnit),
        ("sequencer.v", Sequencer),
    ];

    /// <summary>Test bench of one matrix port, which <see cref="RtlBench"/> instantiates.</summary>
    public static (string File, string Text) Bench { get; } = ("port_check.v", PortCheck);

    /// <summary>Writes the design modules into a folder.</summary>
    /// <returns>Their file names, lowest module first.</returns>
    public static IReadOnlyList<string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, text) in Design)
            File.WriteAllText(Path.Combine(folder, file), text);
        return [.. Design.Select(d => d.File)];
    }
}
