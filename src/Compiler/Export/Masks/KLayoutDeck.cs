using System.Globalization;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Languages;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>
/// The design rules of <see cref="CheckMask"/> as a DRC script for KLayout 0.27 or later, so that a second program can check a file. The
/// pads are fixed metal and not on the two masks: the script draws them in memory, as arrays in every bank.
/// </summary>
public static class KLayoutDeck
{
    /// <summary>The script.</summary>
    /// <param name="geometry">Geometry and rules of the fabric.</param>
    /// <param name="gds">Name of the GDSII file that the script opens when none is given.</param>
    public static string Text(MaskGeometry geometry, string gds) =>
        string.Concat(Head(geometry, gds), FixedMetal(geometry), Rules(geometry));

    private static string Head(MaskGeometry geometry, string gds)
    {
        var file = CodeText.RubyString(gds);
        return $$"""
            # Design rules of the two mask layers: fabric {{CodeText.RubyString(geometry.Fabric.Name)}}, rules {{CodeText.RubyString(
                geometry.Rules.Name
            )}}. Lengths in nanometres. Run with
            #   klayout -b -r THIS.drc -rd input={{file}} -rd report=faults.lyrdb
            # It prints the number of faults of every rule. The report shows them in KLayout's marker browser:
            #   klayout {{file}} -m faults.lyrdb
            $input ||= "{{file}}"
            $report ||= "#{$input}.lyrdb"


            """;
    }

    private static string FixedMetal(MaskGeometry geometry)
    {
        var (via, strap) = (geometry.Rules.Weights, geometry.Rules.Dataflow);
        var (x, y) = geometry.ViaCentre(0);
        var (strapX, strapY) = geometry.StrapOrigin(0);
        int length = geometry.Strap.Top,
            width = geometry.Strap.Right,
            gap = (int)strap.GapNm.Value,
            overlap = (int)strap.OverlapNm.Value,
            half = (int)via.PadNm.Value / 2;
        int bridgeBottom = ((length - gap) / 2) - overlap,
            bridgeTop = ((length + gap) / 2) + overlap;
        var strapRows = ((8 * DataflowLayer.SiteBytes) + geometry.StrapsPerRow - 1) / geometry.StrapsPerRow;
        var pads = $"{x}, {y}, {geometry.PitchX}, {geometry.PitchY}, {geometry.BitLines}, {geometry.WordLines}";
        var bridges = $"{strapX}, {strapY}, {geometry.StrapPitch}, {geometry.StrapRowPitch}, {geometry.StrapsPerRow}, {strapRows}";
        const string instances =
            "RBA::CellInstArray::new(part.cell_index, RBA::Trans::new(RBA::Vector::new(x, y)), "
            + "RBA::Vector::new(dx, 0), RBA::Vector::new(0, dy), columns, rows)";
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            # Fixed metal of every site, which is not on the two masks.
            masks = RBA::Layout::new
            masks.read($input)
            PAD, BRIDGE, SITE = [32000, 32001, 32002]
            def box_cell(layout, name, layer, box)
              cell = layout.create_cell(name)
              cell.shapes(layout.layer(layer, 0)).insert(box)
              cell
            end
            pad = box_cell(masks, "FIXED_PAD", PAD, RBA::Box::new(-{{half}}, -{{half}}, {{half}}, {{half}}))
            # What a strap must cover: the gap and its overlap with both pads.
            bridge = box_cell(masks, "FIXED_BRIDGE", BRIDGE, RBA::Box::new(0, {{bridgeBottom}}, {{width}}, {{bridgeTop}}))
            fixed = box_cell(masks, "FIXED_SITE", SITE, RBA::Box::new(0, 0, {{geometry.SiteWidth}}, {{geometry.SiteHeight}}))
            def array(cell, part, x, y, dx, dy, columns, rows)
              cell.insert({{instances}})
            end
            array(fixed, pad, {{pads}})
            array(fixed, bridge, {{bridges}})
            masks.each_cell { |cell| array(cell, fixed, 0, 0, 0, 0, 1, 1) if cell.name =~ /\A(BANK|VECTOR)_\d+\z/ }


            """
        );
    }

    private static string Rules(MaskGeometry geometry)
    {
        var (via, strap) = (geometry.Rules.Weights, geometry.Rules.Dataflow);
        var overlap = (int)strap.OverlapNm.Value;
        var viaSize = Micrometres(geometry.ViaSize);
        var (width, length) = (geometry.Strap.Right, geometry.Strap.Top);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            $counts = Hash.new(0)
            def rule(name, words, faults)
              $counts[name] += faults.count
              faults.output(name, words)
            end

            dies = masks.top_cells.select { |cell| cell.name.start_with?("DIE_") }
            source(masks, dies.first)
            report("Mask layers of {{CodeText.RubyString(geometry.Fabric.Name)}}", $report)
            deep

            dies.each do |die|
              source(masks, die)
              vias, straps = input({{Numbers(geometry.Layers.Weights)}}), input({{Numbers(geometry.Layers.Dataflow)}})
              pads, bridges, sites = input(PAD, 0), input(BRIDGE, 0), input(SITE, 0)

              rule("via.size", "a via is {{geometry.ViaSize}} x {{geometry.ViaSize}} nm", {{NotOfSize("vias", viaSize, viaSize)}})
              rule("via.grid", "a via is centred on the via grid", vias - pads.sized(-{{Micrometres(
                (via.PadNm.Value - geometry.ViaSize) / 2
            )}}))
              rule("via.enclosure", "the pad overhangs the via by {{via.EnclosureNm.Value}} nm", vias.not_inside(pads.sized(-{{Micrometres(
                via.EnclosureNm.Value
            )}})))
              rule("via.space", "vias are {{via.SpaceNm.Value}} nm apart", vias.space({{Micrometres(via.SpaceNm.Value)}}))
              rule("via.density", "vias cover at most {{via.DensityMaximum.Value}} of a window", {{TooDense(
                "vias",
                via.DensityMaximum.Value,
                via.WindowNm.Value
            )}})
              rule("strap.size", "a strap is {{width}} x {{length}} nm", {{NotOfSize("straps", Micrometres(width), Micrometres(length))}})
              rule("strap.open", "a strap overlaps both of its pads by {{overlap}} nm", {{OpenStraps}})
              rule("strap.short", "straps are {{strap.SpaceNm.Value}} nm apart", straps.space({{Micrometres(strap.SpaceNm.Value)}}))
              rule("strap.density", "straps cover at most {{strap.DensityMaximum.Value}} of a window", {{TooDense(
                "straps",
                strap.DensityMaximum.Value,
                strap.WindowNm.Value
            )}})
              rule("cell.bounds", "shapes stay in their sites", (vias + straps).not_inside(sites))
              puts "#{die.name}: #{vias.flatten.count} vias, #{straps.flatten.count} straps"
            end
            $counts.each { |name, count| puts "#{name} #{count}" }

            """
        );
    }

    private const string OpenStraps = "bridges.interacting(straps).not_inside(straps) + straps.not_interacting(bridges)";

    private static string NotOfSize(string shapes, string width, string height) =>
        $"{shapes}.non_rectangles + {shapes}.without_bbox_width({width}) + {shapes}.without_bbox_height({height})";

    // Windows of a square that overlap by half.
    private static string TooDense(string shapes, double most, double windowNm) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{shapes}.with_density({most}..1.0, tile_size({Micrometres(windowNm)}), tile_step({Micrometres(windowNm / 2)}))"
        );

    private static string Numbers(GdsLayer layer) => string.Create(CultureInfo.InvariantCulture, $"{layer.Layer}, {layer.Datatype}");

    // KLayout takes numbers with a point as micrometres.
    private static string Micrometres(double nanometres) => (nanometres / 1000).ToString("0.0#####", CultureInfo.InvariantCulture);
}
