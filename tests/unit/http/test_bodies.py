"""One piece of a film, as a form of its own: read back by a parser that we did not write."""

from email.parser import BytesParser
from email.policy import HTTP

import pytest

from scheduler.http.bodies import piece_form


@pytest.mark.parametrize("piece", [b"", b"\r\n", b"\r\n--\r\n--drumbeat-0--", bytes(range(256)) * 300])
def test_a_piece_of_a_file_comes_out_of_its_form_as_it_went_in(piece):
    kind, body = piece_form({"segment_index": "7", "session": 'Скопје "a"'}, "chunk", piece)

    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    number, session, file = whole.iter_parts()

    assert number.get_content_disposition() == "form-data"
    assert number.get_payload(decode=True) == b"7"
    assert session.get_payload(decode=True).decode() == 'Скопје "a"'
    assert file.get_param("name", header="content-disposition") == "chunk"
    assert file.get_filename()
    assert file.get_content_type() == "application/octet-stream"
    assert file.get_payload(decode=True) == piece


def test_each_form_has_a_boundary_of_its_own():
    assert piece_form({}, "a", b"")[0] != piece_form({}, "a", b"")[0]
