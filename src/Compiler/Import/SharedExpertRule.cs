namespace TaalasSim.Compiler.Import;

/// <summary>The expert that every token uses beside the routed ones.</summary>
public enum SharedExpertRule
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>It is weighed by a router of its own (qwen2moe).</summary>
    Weighed,

    /// <summary>It is added as it is, where the file gives its width.</summary>
    Plain,
}
