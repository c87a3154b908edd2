using System.Runtime.InteropServices;

namespace GeoFabric.Primitives.Values;

/// <summary>The items of an array value. As short-lived as the value it was made from.</summary>
public readonly struct ArrayView
{
    private readonly Value _array;
    private readonly int _width;

    internal ArrayView(Value array)
    {
        _array = array;
        if (array.IsList)
        {
            Count = array.List.Length;
            _width = 0;
            return;
        }
        var window = array.Window;
        _width = ContainerLayout.Width(window[0]);
        Count = ContainerLayout.Read(ref MemoryMarshal.GetReference(window[(1 + _width)..]), _width);
    }

    public int Count { get; }

    public Value this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            if (_width == 0)
                return _array.List[index];
            var offset = ContainerLayout.Read(ref MemoryMarshal.GetReference(_array.Window[(1 + (_width * (2 + index)))..]), _width);
            return _array.DecodeInside(offset);
        }
    }

    public Enumerator GetEnumerator() => new(this);

    public struct Enumerator(ArrayView items)
    {
        private int _index = -1;

        public readonly Value Current => items[_index];

        public bool MoveNext() => ++_index < items.Count;
    }
}
