using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>The fixed part of a chip: every layer that does not change from model to model. Read from <c>chips/fabrics/*.yaml</c>.</summary>
public sealed record FabricSpec
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>File of <c>chips/technology/</c> with the process constants, without extension.</summary>
    public required string Technology { get; init; }

    /// <summary>Clock of banks, network and vector lanes, in GHz.</summary>
    public required Constant ClockGhz { get; init; }

    /// <summary>Dies that share the model's layers, over all packages and cards.</summary>
    public int Dies { get; init; } = 1;

    /// <summary>Code format that <c>--weights</c> takes when nothing is said, and that shape-only commands assume.</summary>
    public required string DefaultWeights { get; init; }

    public required BankSpec Bank { get; init; }

    public required SiteGridSpec Sites { get; init; }

    public required NetworkSpec Network { get; init; }

    public required VectorSpec Vector { get; init; }

    public required KvSramSpec KvSram { get; init; }

    public required SamplerSpec Sampler { get; init; }

    public required NumericsSpec Numerics { get; init; }

    public required CardSpec Card { get; init; }

    /// <summary>Packages, cards and partition; by default all dies form a pipeline in one package.</summary>
    public SystemSpec System { get; init; } = new();

    /// <summary>HBM stacks; absent for most.</summary>
    public HbmSpec? Hbm { get; init; }

    /// <summary>Numbers of the mask layers in GDSII files; absent: those of the process's mask rules.</summary>
    public GdsLayers? Gds { get; init; }

    /// <summary>Figures of the real chip that the fabric stands for; absent for a design that does not exist.</summary>
    public PublishedFigures? Published { get; init; }

    /// <summary>Dies in one package.</summary>
    public int DiesPerPackage => System.DiesPerPackage > 0 ? System.DiesPerPackage : Dies;

    /// <summary>Packages of one model.</summary>
    public int Packages => (Dies + DiesPerPackage - 1) / DiesPerPackage;

    /// <summary>Cards of one model.</summary>
    public int Cards => (Packages + System.PackagesPerCard - 1) / System.PackagesPerCard;

    /// <summary>Whether faults can be repaired.</summary>
    public bool HasSpares => Bank.SpareRows > 0 || Bank.SpareColumns > 0 || Sites.SpareBanks > 0 || Sites.PatchRows > 0;

    /// <summary>Bytes for keys and values on all dies, SRAM and HBM.</summary>
    public double KvCapacityBytes => Dies * ((KvSram.CapacityMb * 1e6) + (Hbm is null ? 0 : Hbm.StacksPerDie * Hbm.GbPerStack * 1e9));
}

/// <summary>One ROM bank with its product generator, selectors and accumulators.</summary>
public sealed record BankSpec
{
    /// <summary><see cref="Style"/> of a bank whose weights are in SRAM, with a multiplier in every column: for comparison with chips that load any model.</summary>
    public const string SramMultiply = "sram_multiply";

    /// <summary>Whether weights are in SRAM: no masks are made for a model.</summary>
    public bool InSram => Style == SramMultiply;

    /// <summary>
    /// <see cref="RomSelect"/>: products of an activation with every code value are formed once, each column selects by its stored code and adds.
    /// <see cref="Ternary"/>: each column adds the activation, subtracts it or leaves it out; no products, no scale blocks.
    /// <see cref="AdderNetwork"/>: constants in metal; adders shared between columns take all inputs at once, whole or bit by bit.
    /// <see cref="SramMultiply"/>: weights in SRAM, a multiplier in every column.
    /// </summary>
    public required string Style { get; init; }

    /// <summary>Inputs per bank: one row is read per cycle.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns (selector and accumulator pairs) per bank; a multiple of 16.</summary>
    public required int Columns { get; init; }

    /// <summary>Stored bits per row and column, scales included; wider formats use fewer columns.</summary>
    public required double RomBitsPerWeight { get; init; }

    /// <summary>Width of a column's accumulator in bits; sums saturate.</summary>
    public required int AccumulatorBits { get; init; }

    /// <summary>Cycles from the last row to the last of the column results: broadcast, product, select and add, and the turns of a scale unit.</summary>
    public required int PipelineCycles { get; init; }

    /// <summary>Bits of the code that a column's selector takes per cycle; wider codes stand in several columns as digits that are shifted and added.</summary>
    public int CodeBits { get; init; } = 4;

    /// <summary>Weights per scale block; a column's block sum is scaled and added to its accumulator after this many rows.</summary>
    public int ScaleBlockRows { get; init; } = 32;

    /// <summary>Columns that share one scale unit (a multiplier by the block's scale and a saturating adder), one a cycle while the next block comes in: 1 … <see cref="ScaleBlockRows"/>.</summary>
    public int ScaleColumns { get; init; } = DefaultScaleColumns;

    /// <summary>Adder network: two-operand adders per weight behind the sharing of common terms. Absent for the other styles.</summary>
    public Constant? AddersPerWeight { get; init; }

    /// <summary>Adder network: bits of an activation that enter per cycle: 1 (bit-serial) or all of them (<c>numerics.activation_bits</c>).</summary>
    public int AdderBitsPerCycle { get; init; } = 1;

    /// <summary>Flip-flops of one bank that are clocked always: row counter, strap registers, network interface.</summary>
    public int ControlFlipFlops { get; init; } = 256;

    /// <summary>Spare rows that a laser or fuse repair can put in place of faulty ones; their codes are RAM, written at test.</summary>
    public int SpareRows { get; init; }

    /// <summary>Spare columns (selector, accumulator, and codes in RAM) that can take the place of faulty ones.</summary>
    public int SpareColumns { get; init; }

    /// <summary><see cref="Style"/> of a bank whose columns select among shared products.</summary>
    public const string RomSelect = "rom_select";

    /// <summary><see cref="Style"/> of a bank whose weights are −1, 0 and 1.</summary>
    public const string Ternary = "ternary";

    /// <summary><see cref="Style"/> of a bank whose weights are wires between adders.</summary>
    public const string AdderNetwork = "adder_network";

    /// <summary><see cref="ScaleColumns"/> of a fabric that says nothing.</summary>
    public const int DefaultScaleColumns = 4;

    /// <summary>Stages of a bank beside the turns of its scale units: products and ROM, selection and sum, scale, accumulator.</summary>
    public const int ScaleStages = 4;

    /// <summary>Rows that a bank takes for a vector of so many inputs: a last block shorter than the turns of a scale unit is filled up with zeros.</summary>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="scaleColumns">Columns of a scale unit, 1…32.</param>
    public static int StreamRows(int rows, int scaleColumns) => rows + Math.Max(0, scaleColumns - (((rows - 1) % BankArithmetic.BlockRows) + 1));

    /// <summary>Bits of one product line: activation × code, signed; the activation is symmetric, so no carry beyond the sum of the widths less one.</summary>
    public int ProductBits(int activationBits) => activationBits + CodeBits - 1;

    /// <summary>Bits of the sum of one scale block of products.</summary>
    public int BlockSumBits(int activationBits) => ProductBits(activationBits) + System.Numerics.BitOperations.Log2((uint)Math.Max(1, ScaleBlockRows));

    /// <summary>
    /// Cycles that a bank takes to get one vector: a row a cycle, or for an adder network the bits of an activation, and bit by bit the further bits of its sum.
    /// </summary>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    public int PassCycles(int rows, int activationBits) => Style switch
    {
        AdderNetwork when AdderBitsPerCycle < activationBits => ColumnSumBits(rows, activationBits),
        AdderNetwork => 1,
        Ternary or SramMultiply => rows,
        _ => StreamRows(rows, ScaleColumns),
    };

    /// <summary>Bits of the sum of a whole column without scale blocks: a product's bits and ⌈log2 rows⌉; a ternary product is as wide as the activation.</summary>
    /// <param name="rows">Inputs, at least 1.</param>
    /// <param name="activationBits">Bits of an activation.</param>
    public int ColumnSumBits(int rows, int activationBits) =>
        (Style == Ternary ? activationBits : ProductBits(activationBits)) + System.Numerics.BitOperations.Log2((uint)Math.Max(1, (2 * rows) - 1));

    /// <summary>ROM capacity of one bank, in bits, spares left out.</summary>
    public double CapacityBits => (double)Rows * Columns * RomBitsPerWeight;
}

/// <summary>Places for banks, in a grid per die.</summary>
public sealed record SiteGridSpec
{
    /// <summary>Sites along the x axis of one die.</summary>
    public required int Columns { get; init; }

    /// <summary>Sites along the y axis of one die.</summary>
    public required int Rows { get; init; }

    /// <summary>Sites that share one network router (a tile), along x and along y.</summary>
    public required int TileColumns { get; init; }

    /// <inheritdoc cref="TileColumns"/>
    public required int TileRows { get; init; }

    /// <summary>Banks of one die beyond the grid, with their codes in RAM, that can take the place of faulty ones; no model is placed on them.</summary>
    public int SpareBanks { get; init; }

    /// <summary>Rows of RAM of one die that can take the place of faulty ROM rows of any bank (patch SRAM), each as wide as a bank.</summary>
    public int PatchRows { get; init; }

    /// <summary>Sites of one die.</summary>
    public int PerDie => Columns * Rows;
}

/// <summary>Network on chip and the reduction of partial sums.</summary>
public sealed record NetworkSpec
{
    /// <summary>Cycles for one hop between neighbouring tiles, wire and router.</summary>
    public required double CyclesPerHop { get; init; }

    /// <summary>Bits that one link moves per cycle.</summary>
    public required int LinkBits { get; init; }

    /// <summary>Cycles of one level of the reduction tree (add and register).</summary>
    public required int ReductionCyclesPerLevel { get; init; }

    /// <summary>Bits of one partial sum on the reduction network.</summary>
    public required int PartialSumBits { get; init; }

    /// <summary>Links that join one vector cluster to the network; broadcast and collection of a layer share them.</summary>
    public int VectorLinks { get; init; } = 16;

    /// <summary>Slots whose activations a layer can hold; the layer before sends a slot on only when one is free (credits).</summary>
    public int LayerBuffers { get; init; } = 32;

    /// <summary>Extra cycles to cross from die to die, and bits per cycle of that link; unused with one die.</summary>
    public double DieToDieCycles { get; init; }

    /// <inheritdoc cref="DieToDieCycles"/>
    public int DieToDieBits { get; init; } = 1024;
}

/// <summary>Vector unit: norms, rotary embedding, softmax, activation, residual additions.</summary>
public sealed record VectorSpec
{
    /// <summary>Elements processed per cycle by all lanes of one die.</summary>
    public required int Lanes { get; init; }

    /// <summary>Equal clusters that lanes and KV banks of one die are split in; each serves the layers that stand around it.</summary>
    /// <remarks>A die with fewer layers than clusters joins neighbouring clusters, so that no lane is left out.</remarks>
    public int Clusters { get; init; } = 1;

    /// <summary>Pipeline depth of an element-wise operation in cycles.</summary>
    public required int PipelineCycles { get; init; }

    /// <summary>Cycles of a scalar reciprocal square root or reciprocal.</summary>
    public required int ScalarFunctionCycles { get; init; }
}

/// <summary>On-chip memory of keys and values.</summary>
public sealed record KvSramSpec
{
    /// <summary>Capacity of one die, decimal megabytes.</summary>
    public required double CapacityMb { get; init; }

    /// <summary>Independent banks of one die.</summary>
    public required int Banks { get; init; }

    /// <summary>Bytes that one bank's port moves per cycle.</summary>
    public required int PortBytes { get; init; }

    /// <summary>Cycles from address to data.</summary>
    public required int LatencyCycles { get; init; }

    /// <summary>Query heads that one read key or value element meets at once: multipliers per element of a port.</summary>
    public int QueriesPerPort { get; init; } = 4;
}

/// <summary>Arg-max / top-k tree over the logits.</summary>
public sealed record SamplerSpec
{
    /// <summary>Logits taken per cycle.</summary>
    public required int LogitsPerCycle { get; init; }

    /// <summary>Cycles from the last logit to the token.</summary>
    public required int PipelineCycles { get; init; }
}

/// <summary>The fabric's own arithmetic (<c>--numerics hardware</c>).</summary>
public sealed record NumericsSpec
{
    /// <summary>Bits of a quantised activation, 4…16, symmetric, one scale per vector.</summary>
    public required int ActivationBits { get; init; }

    /// <summary>Bits of a stored key or value element: 4, 8 or 16 (16 is IEEE half).</summary>
    public required int KvBits { get; init; }

    /// <summary>Precision of the vector unit: <c>fp32</c> or <c>fp16</c> results after each operation.</summary>
    public required string VectorPrecision { get; init; }
}

/// <summary>What surrounds the die: host link and card.</summary>
public sealed record CardSpec
{
    /// <summary>PCI Express generation of the host link.</summary>
    public required int PcieGeneration { get; init; }

    /// <summary>PCI Express lanes.</summary>
    public required int PcieLanes { get; init; }

    /// <summary>Card components beside the die and its regulators, in watts.</summary>
    public required Constant OverheadWatts { get; init; }

    /// <summary>Slots of users that can be in flight.</summary>
    public required int UserSlots { get; init; }

    /// <summary>Longest context per user in tokens.</summary>
    public required int MaximumContext { get; init; }
}
