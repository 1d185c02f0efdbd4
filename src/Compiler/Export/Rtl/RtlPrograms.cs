namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>C++ beside the Verilog of a whole chip: the arithmetic of the vector clusters and the host; the same for every chip.</summary>
public static partial class RtlPrograms
{
    /// <summary>Arithmetic of the vector clusters, called through DPI-C.</summary>
    public static (string File, string Text) VectorModel { get; } = ("vector_model.cpp", VectorModelText);

    /// <summary>Main program: clock, reset, prompt.</summary>
    public static (string File, string Text) Main { get; } = ("chip_main.cpp", ChipMainText);

    /// <summary>Says to Verilator that a site is compiled once for the whole chip, and so is the KV memory of a region.</summary>
    public static (string File, string Text) Configuration { get; } =
        ("chip.vlt", "`verilator_config\nhier_block -module \"site\"\nhier_block -module \"kv_memory\"\n");

    /// <summary>Leaves the insides of what <see cref="Configuration"/> compiles once out of waveforms, which Verilator could give of one
    /// instance only; their ports stay.</summary>
    public static (string File, string Text) WaveformConfiguration { get; } =
        (
            "wave.vlt",
            "`verilator_config\n"
                + string.Concat(
                    from module in (string[])
                        [
                            "full_adder",
                            "ripple_adder",
                            "products",
                            "code_decoder",
                            "column",
                            "scale_unit",
                            "register_file",
                            "rom",
                            "bank",
                            "clock_gate",
                            "site",
                            "kv_memory",
                        ]
                    select $"tracing_off -file \"{module}.v\"\n"
                )
        );
}
