using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using NUnit.Framework;
using TaalasSim.Runtime.Card.Protocol;
using TaalasSim.Support;

namespace TaalasSim.Native.Tests;

/// <summary>The header says what the library is: symbols, sizes and offsets of structs, codes, versions.</summary>
[Category("Smoke")]
public class InterfaceTests
{
    private const string Printing = "#include <stdio.h>\n";

    private static readonly Dictionary<string, string> Structs = new(StringComparer.Ordinal)
    {
        ["taalas_properties"] = "PropertiesStruct",
        ["taalas_telemetry"] = "TelemetryStruct",
        ["taalas_sampler"] = "SamplerStruct",
        ["taalas_context_settings"] = "ContextStruct",
        ["taalas_token"] = "TokenStruct",
    };

    [Test]
    public void The_library_exports_what_the_header_declares_and_nothing_else()
    {
        var (code, text) = DriverLibrary.Run("nm", ["-D", "--defined-only", "-f", "posix", DriverLibrary.File]);
        Assert.That(code, Is.Zero, text);
        var functions = text.Split('\n').Where(line => line.Contains(" T ", StringComparison.Ordinal));
        var exported = functions.Select(line => line.Split('@', ' ')[0]);
        Assert.That(CHeader.Functions, Has.Count.GreaterThan(15).And.Unique);
        Assert.That(exported, Is.EquivalentTo(CHeader.Functions));
    }

    [Test]
    public void A_C_compiler_lays_the_structs_out_as_the_library_does()
    {
        Assert.That(CHeader.Structs.Keys, Is.EquivalentTo(Structs.Keys));
        using var folder = new TemporaryFolder();
        var lines = CHeader.Structs.SelectMany(s =>
            s.Value.Select(f => $"    printf(\"{s.Key} {f} %zu %zu\\n\", offsetof({s.Key}, {f}), sizeof((({s.Key} *)0)->{f}));")
                .Append($"    printf(\"{s.Key} - %zu\\n\", sizeof({s.Key}));")
        );
        folder.Write(
            "probe.c",
            $"#include \"taalas.h\"\n#include <stddef.h>\n{Printing}int main(void) {{\n{string.Join('\n', lines)}\nreturn 0;\n}}\n"
        );
        var program = DriverLibrary.Compile(folder.File("probe.c"), folder.File("probe"));
        var said = DriverLibrary.Run(program, []).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(said, Is.EqualTo(Structs.SelectMany(s => Layout(s.Key, s.Value))));
    }

    [Test]
    public void Codes_and_states_of_the_header_are_those_of_the_card()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                CHeader.Enum("taalas_status").Where(c => c.Value < 0x1000).Select(c => (CHeader.Pascal(c.Key), c.Value)),
                Is.EqualTo(Enum.GetValues<StatusCode>().Select(c => (c.ToString(), (int)c)))
            );
            Assert.That(
                CHeader.Enum("taalas_state").Select(c => (CHeader.Pascal(c.Key), c.Value)),
                Is.EqualTo(Enum.GetValues<DeviceState>().Select(c => (c.ToString(), (int)c)))
            );
            Assert.That(
                CHeader.Enum("taalas_status").Where(c => c.Value >= 0x1000).Select(c => (CHeader.Pascal(c.Key), c.Value)),
                Is.EqualTo(
                    Of("LibraryStatus")
                        .GetFields(BindingFlags.Public | BindingFlags.Static)
                        .Where(f => f.Name != "Ok")
                        .Select(f => (f.Name, (int)f.GetRawConstantValue()!))
                )
            );
        });
    }

    [Test]
    public void Every_status_has_words_and_every_other_number_has_some()
    {
        _ = DriverLibrary.File;
        var words = CHeader.Enum("taalas_status").Values.Select(Driver.StatusText).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(words, Is.Unique.And.None.EqualTo("no such status"));
            foreach (var other in (int[])[-1, 0x0fff, 0x2000, 0x10000, int.MinValue])
                Assert.That(Driver.StatusText(other), Is.EqualTo("no such status"));
        });
    }

    [Test]
    public void The_header_is_of_the_librarys_version_and_compiles_as_C_plus_plus()
    {
        _ = DriverLibrary.File;
        using var folder = new TemporaryFolder();
        folder.Write("version.c", $"{Printing}#include \"taalas.h\"\nint main(void) {{ printf(\"%d\", TAALAS_VERSION); return 0; }}\n");
        var program = DriverLibrary.Compile(folder.File("version.c"), folder.File("version"));
        var header = int.Parse(DriverLibrary.Run(program, []).Text, CultureInfo.InvariantCulture);
        Assert.Multiple(() =>
        {
            Assert.That((uint)header, Is.EqualTo(Driver.Version()));
            Assert.That(Driver.VersionText(), Is.EqualTo(Of("Guard").Assembly.GetName().Version!.ToString(3)));
        });
        if (!Tools.Has("c++"))
            return;
        var (code, text) = DriverLibrary.Run("c++", ["-x", "c++", "-Wall", "-Werror", "-fsyntax-only", DriverLibrary.Header]);
        Assert.That(code, Is.Zero, text);
    }

    private static IEnumerable<string> Layout(string name, string type)
    {
        var of = Of(type);
        foreach (var field in CHeader.Structs[name])
        {
            var there = CHeader.Pascal(field);
            var kind = of.GetField(there)!.FieldType;
            yield return $"{name} {field} {Marshal.OffsetOf(of, there)} {(kind.IsPointer ? nint.Size : Marshal.SizeOf(kind))}";
        }
        yield return $"{name} - {Marshal.SizeOf(of)}";
    }

    private static Type Of(string name) => Assembly.Load("libtaalas").GetType("TaalasSim.Native." + name, throwOnError: true)!;
}
