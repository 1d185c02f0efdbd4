namespace TaalasSim.Compiler.Import;

/// <summary>What the key <c>logit_scale</c> does to the logits.</summary>
public enum LogitScaleRule
{
    /// <summary>It is not read.</summary>
    None,

    /// <summary>It multiplies them; the file must have it (cohere2).</summary>
    Multiplies,

    /// <summary>It divides them; the file must have it (granite).</summary>
    Divides,

    /// <summary>It divides them where the file has it and it is not 0 (granitehybrid).</summary>
    DividesWhereGiven,
}
