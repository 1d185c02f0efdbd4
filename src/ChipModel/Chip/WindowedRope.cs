namespace TaalasSim.ChipModel.Chip;

/// <summary>How much of the position scaling windowed layers share; the base may differ in any case.</summary>
public enum WindowedRope
{
    /// <summary>All of it (gemma2, gpt-oss).</summary>
    Scaled,

    /// <summary>Positions are not scaled; YaRN's ramp and the magnitude stay (gemma3).</summary>
    Unscaled,

    /// <summary>Nothing: the angles as without any scaling, magnitude one (olmo2).</summary>
    Plain,
}
