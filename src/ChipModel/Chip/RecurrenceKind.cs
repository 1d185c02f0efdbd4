namespace TaalasSim.ChipModel.Chip;

/// <summary>How a token changes the state of a head.</summary>
public enum RecurrenceKind
{
    /// <summary>Gated delta rule: the state decays, and what it says for the key moves towards the value (S. Yang et al.,
    /// arXiv:2412.06464, eq. 10).</summary>
    GatedDeltaNet,

    /// <summary>State-space model: the state decays by one factor, and the product of key and value is added (Mamba-2, T. Dao and A. Gu,
    /// arXiv:2405.21060, eq. 16).</summary>
    Mamba2,
}
