namespace TaalasSim.ChipModel.Technology;

/// <summary>A silicon process as far as area, energy, yield and cost need it. Read from <c>chips/technology/*.yaml</c>; every figure carries its source.</summary>
public sealed record TechnologySpec
{
    /// <summary>Name, the file's name without extension.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; init; } = "";

    public required LogicConstants Logic { get; init; }

    public required MemoryConstants Memory { get; init; }

    public required PeripheryConstants Periphery { get; init; }

    public required EnergyConstants Energy { get; init; }

    public required LeakageConstants Leakage { get; init; }

    public required ThermalConstants Thermal { get; init; }

    public required WaferConstants Wafer { get; init; }

    public required MaskConstants Masks { get; init; }

    public required CalibrationConstants Calibration { get; init; }
}

/// <summary>Size of digital logic, in gate equivalents (one two-input NAND, four transistors).</summary>
public sealed record LogicConstants
{
    /// <summary>Area of one gate equivalent at the library's peak density, µm².</summary>
    public required Constant GateEquivalentUm2 { get; init; }

    /// <summary>Placed cell area over row area, 0…1.</summary>
    public required Constant Utilisation { get; init; }

    /// <summary>The same for the abutted datapath of a bank's columns, 0…1.</summary>
    public required Constant DatapathUtilisation { get; init; }

    /// <summary>Full adder in gate equivalents.</summary>
    public required Constant FullAdderGe { get; init; }

    /// <summary>Flip-flop in gate equivalents.</summary>
    public required Constant FlipFlopGe { get; init; }

    /// <summary>Latch in gate equivalents.</summary>
    public required Constant LatchGe { get; init; }

    /// <summary>Two-input exclusive or in gate equivalents.</summary>
    public required Constant XorGe { get; init; }

    /// <summary>Two-input and in gate equivalents.</summary>
    public required Constant AndGe { get; init; }

    /// <summary>Inverter in gate equivalents.</summary>
    public required Constant InverterGe { get; init; }

    /// <summary>One input of one bit of a selector with decoded choice, in gate equivalents.</summary>
    public required Constant SelectorInputGe { get; init; }

    /// <summary>One single-precision vector lane (multiply, add, registers, share of the function tables), in gate equivalents.</summary>
    public required Constant VectorLaneGe { get; init; }

    /// <summary>Transistors of one gate equivalent.</summary>
    public required Constant TransistorsPerGe { get; init; }
}

/// <summary>Size of memories.</summary>
public sealed record MemoryConstants
{
    /// <summary>Density of a dense via-programmed ROM array with its decoders, decimal Mb per mm².</summary>
    public required Constant RomMbPerMm2 { get; init; }

    /// <summary>Transistors of the array per stored weight.</summary>
    public required Constant RomTransistorsPerWeight { get; init; }

    /// <summary>Density of an SRAM macro with its periphery, decimal Mb per mm².</summary>
    public required Constant SramMbPerMm2 { get; init; }

    /// <summary>SRAM transistors per bit, periphery included.</summary>
    public required Constant SramTransistorsPerBit { get; init; }

    /// <summary>Register-file area per bit (accumulators of idle columns), µm².</summary>
    public required Constant RegisterFileUm2PerBit { get; init; }
}

/// <summary>Parts of the die that do not scale with the model.</summary>
public sealed record PeripheryConstants
{
    /// <summary>One PCI Express lane with its share of the controller, mm².</summary>
    public required Constant PcieLaneMm2 { get; init; }

    /// <summary>Pad ring, seal ring, clock and power management, test: width of the frame around the core, mm.</summary>
    public required Constant FrameMm { get; init; }

    /// <summary>Network routers and links over the area of the tiles they serve, fraction.</summary>
    public required Constant NetworkFraction { get; init; }

    /// <summary>Die-to-die bandwidth of one millimetre of die edge, GB/s.</summary>
    public required Constant DieEdgeGbPerSecondMm { get; init; }
}

/// <summary>Energy per event at nominal voltage. One ladder (Horowitz 2014 → Jouppi 2021) throughout; never mixed with another in a ratio.</summary>
public sealed record EnergyConstants
{
    /// <summary>ROM read, pJ per bit.</summary>
    public required Constant RomReadPjPerBit { get; init; }

    /// <summary>Integer addition, pJ per bit of width.</summary>
    public required Constant AddPjPerBit { get; init; }

    /// <summary>Integer multiplication, pJ per partial-product bit (width × width).</summary>
    public required Constant MultiplyPjPerBit2 { get; init; }

    /// <summary>Flip-flop with its local clock, pJ per bit and clocked cycle.</summary>
    public required Constant FlipFlopPj { get; init; }

    /// <summary>Energy of a clock-gated idle register over a clocked one, fraction.</summary>
    public required Constant IdleFraction { get; init; }

    /// <summary>KV SRAM bank access, pJ per bit.</summary>
    public required Constant SramPjPerBit { get; init; }

    /// <summary>Repeated wire, random data, pJ per bit and mm.</summary>
    public required Constant WirePjPerBitMm { get; init; }

    /// <summary>Router and link of one tile, pJ per bit and hop.</summary>
    public required Constant HopPjPerBit { get; init; }

    /// <summary>One element through one vector operation (single precision multiply-add and registers), pJ.</summary>
    public required Constant VectorOperationPj { get; init; }

    /// <summary>Die-to-die link, pJ per bit.</summary>
    public required Constant DieToDiePjPerBit { get; init; }
}

/// <summary>Leakage at the reference temperature.</summary>
public sealed record LeakageConstants
{
    /// <summary>Logic, W per mm² of die.</summary>
    public required Constant LogicWattsPerMm2 { get; init; }

    /// <summary>ROM array over logic per mm², fraction.</summary>
    public required Constant RomFraction { get; init; }

    /// <summary>SRAM, mW per Mib.</summary>
    public required Constant SramMilliwattsPerMib { get; init; }

    /// <summary>Exponent of temperature, 1/K: leakage × exp(k (T − T0)).</summary>
    public required Constant PerKelvin { get; init; }

    /// <summary>Temperature T0 of the figures above, °C.</summary>
    public required Constant ReferenceCelsius { get; init; }
}

/// <summary>Heat path and supply.</summary>
public sealed record ThermalConstants
{
    /// <summary>Junction to air, K mm² per W.</summary>
    public required Constant ResistanceKMm2PerWatt { get; init; }

    /// <summary>Inlet air, °C.</summary>
    public required Constant InletCelsius { get; init; }

    /// <summary>Junction temperature at which the clock is lowered, °C.</summary>
    public required Constant MaximumCelsius { get; init; }

    /// <summary>Efficiency of the card's regulators, 0…1.</summary>
    public required Constant RegulatorEfficiency { get; init; }
}

/// <summary>Wafer, defects and reticle.</summary>
public sealed record WaferConstants
{
    /// <summary>Price of a processed wafer, USD.</summary>
    public required Constant PriceUsd { get; init; }

    /// <summary>Wafer diameter, mm.</summary>
    public required Constant DiameterMm { get; init; }

    /// <summary>Edge exclusion, mm.</summary>
    public required Constant EdgeExclusionMm { get; init; }

    /// <summary>Scribe line per die edge, mm.</summary>
    public required Constant ScribeMm { get; init; }

    /// <summary>Defect density D0, 1/cm².</summary>
    public required Constant DefectsPerCm2 { get; init; }

    /// <summary>Clustering parameter α of the negative binomial model.</summary>
    public required Constant ClusteringAlpha { get; init; }

    /// <summary>Exposure field, mm along x.</summary>
    public required Constant ReticleWidthMm { get; init; }

    /// <summary>Exposure field, mm along y.</summary>
    public required Constant ReticleHeightMm { get; init; }
}

/// <summary>Masks and the time to make wafers from them.</summary>
public sealed record MaskConstants
{
    /// <summary>Full mask set, USD.</summary>
    public required Constant SetUsd { get; init; }

    /// <summary>One customised upper via or metal mask, USD.</summary>
    public required Constant CustomMaskUsd { get; init; }

    /// <summary>Masks of the full set.</summary>
    public required Constant Layers { get; init; }

    /// <summary>Layers still to be processed when a stocked base wafer is personalised, from the first custom layer to the pads.</summary>
    public required Constant LayersAfterCustom { get; init; }

    /// <summary>Fab days per mask layer.</summary>
    public required Constant DaysPerLayer { get; init; }

    /// <summary>Weeks to write and check the masks.</summary>
    public required Constant MaskWeeks { get; init; }

    /// <summary>Weeks to assemble and test.</summary>
    public required Constant AssemblyWeeks { get; init; }
}

/// <summary>The three scale factors fitted on one product, each on one published figure, and how.</summary>
public sealed record CalibrationConstants
{
    /// <summary>Factor on the structural cycles of a token.</summary>
    public required Constant Latency { get; init; }

    /// <summary>Factor on the structural area of banks (ROM array and column logic).</summary>
    public required Constant Area { get; init; }

    /// <summary>Factor on the structural switching energy.</summary>
    public required Constant Power { get; init; }
}
