--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: account; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account (
    login text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    phrase text NOT NULL COLLATE pg_catalog."C",
    second text NOT NULL COLLATE pg_catalog."C",
    step bigint NOT NULL,
    fails bigint NOT NULL,
    not_before_ms bigint NOT NULL,
    active bigint NOT NULL
);


--
-- Name: act; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.act (
    no bigint NOT NULL,
    at_ms bigint NOT NULL,
    login text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    act text NOT NULL COLLATE pg_catalog."C",
    nid text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: act_no_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.act ALTER COLUMN no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.act_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: alert; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alert (
    nid text NOT NULL COLLATE pg_catalog."C",
    fac text NOT NULL COLLATE pg_catalog."C",
    at_ms bigint NOT NULL,
    told bigint DEFAULT 0 NOT NULL,
    seen_by text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: alike; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alike (
    key text NOT NULL COLLATE pg_catalog."C",
    day bigint NOT NULL,
    nid text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: book; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.book (
    version bigint NOT NULL
);


--
-- Name: cell; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.cell (
    kind text NOT NULL COLLATE pg_catalog."C",
    place text NOT NULL COLLATE pg_catalog."C",
    month bigint NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: enrolment; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.enrolment (
    id text NOT NULL COLLATE pg_catalog."C",
    kid text NOT NULL COLLATE pg_catalog."C",
    jws text NOT NULL COLLATE pg_catalog."C",
    at_ms bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    invited bigint DEFAULT 0 NOT NULL
);


--
-- Name: entry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.entry (
    no bigint NOT NULL,
    h text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    jid text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    prev text NOT NULL COLLATE pg_catalog."C",
    nid text NOT NULL COLLATE pg_catalog."C",
    rev bigint NOT NULL,
    t text NOT NULL COLLATE pg_catalog."C",
    fac text NOT NULL COLLATE pg_catalog."C",
    kid text NOT NULL COLLATE pg_catalog."C",
    verified bigint NOT NULL,
    at_ms bigint NOT NULL,
    jws text NOT NULL COLLATE pg_catalog."C",
    status text COLLATE pg_catalog."C",
    verdict text COLLATE pg_catalog."C"
);


--
-- Name: entry_no_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.entry ALTER COLUMN no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.entry_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: facility; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.facility (
    fac text NOT NULL COLLATE pg_catalog."C",
    name text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    district text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    office text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    n bigint DEFAULT 0 NOT NULL
);


--
-- Name: fact; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.fact (
    nid text NOT NULL COLLATE pg_catalog."C",
    month bigint NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: fact_change; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.fact_change (
    no bigint NOT NULL,
    month bigint NOT NULL
);


--
-- Name: fact_change_no_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.fact_change ALTER COLUMN no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.fact_change_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: family; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.family (
    nid text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: heartbeat; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.heartbeat (
    dev text NOT NULL COLLATE pg_catalog."C",
    fac text NOT NULL COLLATE pg_catalog."C",
    at_ms bigint NOT NULL,
    backlog bigint NOT NULL,
    app text NOT NULL COLLATE pg_catalog."C",
    jws text NOT NULL COLLATE pg_catalog."C",
    oldest_ms bigint
);


--
-- Name: invitation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invitation (
    secret text NOT NULL COLLATE pg_catalog."C",
    fac text NOT NULL COLLATE pg_catalog."C",
    until_ms bigint NOT NULL,
    device text COLLATE pg_catalog."C",
    person text COLLATE pg_catalog."C"
);


--
-- Name: journal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.journal (
    jid text NOT NULL COLLATE pg_catalog."C",
    dev text NOT NULL COLLATE pg_catalog."C",
    fac text NOT NULL COLLATE pg_catalog."C",
    continues text COLLATE pg_catalog."C",
    head bigint NOT NULL,
    head_h text NOT NULL COLLATE pg_catalog."C",
    highest bigint NOT NULL,
    forked bigint NOT NULL
);


--
-- Name: link; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.link (
    h text NOT NULL COLLATE pg_catalog."C",
    login text NOT NULL COLLATE pg_catalog."C",
    until_ms bigint NOT NULL
);


--
-- Name: notification; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notification (
    nid text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    fac text NOT NULL COLLATE pg_catalog."C",
    office text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    rev bigint NOT NULL,
    h text NOT NULL COLLATE pg_catalog."C",
    effective text NOT NULL COLLATE pg_catalog."C",
    reg_no text COLLATE pg_catalog."C",
    hold text COLLATE pg_catalog."C",
    set_id text COLLATE pg_catalog."C",
    set_n bigint,
    day bigint,
    event_ms bigint,
    first_ms bigint NOT NULL,
    registered_ms bigint,
    void_h text COLLATE pg_catalog."C",
    void_kid text COLLATE pg_catalog."C",
    cert_no text COLLATE pg_catalog."C",
    cert_on text COLLATE pg_catalog."C",
    drawn bigint DEFAULT 0 NOT NULL
);


--
-- Name: number; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.number (
    office text NOT NULL COLLATE pg_catalog."C",
    year bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    last bigint NOT NULL
);


--
-- Name: receipt; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.receipt (
    fac text NOT NULL COLLATE pg_catalog."C",
    n bigint NOT NULL,
    h text NOT NULL COLLATE pg_catalog."C",
    jws text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: suspension; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.suspension (
    kid text NOT NULL COLLATE pg_catalog."C",
    h text NOT NULL COLLATE pg_catalog."C",
    at_ms bigint NOT NULL,
    jid text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL
);


--
-- Name: tally; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tally (
    fac text NOT NULL COLLATE pg_catalog."C",
    month bigint NOT NULL,
    births bigint NOT NULL,
    foetal bigint NOT NULL,
    deaths bigint NOT NULL,
    at_ms bigint NOT NULL
);


--
-- Name: trace; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.trace (
    nid text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: trust; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.trust (
    number bigint NOT NULL,
    jws text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: visit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.visit (
    h text NOT NULL COLLATE pg_catalog."C",
    login text NOT NULL COLLATE pg_catalog."C",
    since_ms bigint NOT NULL,
    seen_ms bigint NOT NULL
);


--
-- Name: waiting; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.waiting (
    waits_for text NOT NULL COLLATE pg_catalog."C",
    no bigint NOT NULL,
    h text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: word; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.word (
    office text NOT NULL COLLATE pg_catalog."C",
    word text NOT NULL COLLATE pg_catalog."C",
    nid text NOT NULL COLLATE pg_catalog."C"
);


--
-- Data for Name: account; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.account VALUES ('zebo', 'Одилова Зебо', 'officer', '', '{"m_kib":65536,"t":3,"p":1,"salt":"AqQbeVl_tgJPKkLY_8R0Uw","h":"fj6kvf7nT1Hnawc4jLitbIuH-Nku1c3jOvgiV8NRv-8"}', '3TBWF67QP5KUHBUVL3DLXTCJ6CS7ZBOD', 0, 0, 0, 1);
INSERT INTO public.account VALUES ('sitora', 'Ҳакимзода Ситора', 'registrar', 'TJ-KT-01', '{"m_kib":65536,"t":3,"p":1,"salt":"YDh59LwLeFflPp8VKuob6Q","h":"7O8MIG6gVhcatig1OD6xdToQZBTzSBBH1zWw9nr8A34"}', 'WEZSC7J5YVW33BFHJ6MWEVPBUIT2HK5B', 0, 0, 0, 1);
INSERT INTO public.account VALUES ('daler', 'Раҷабзода Далер', 'analyst', '', '{"m_kib":65536,"t":3,"p":1,"salt":"L6sVgB5sd4uNc769AJhAFQ","h":"_L0ha10divdG9pFnvFLBGFxN-gzajJTLEcODyx9RvFk"}', 'C4THIXOYR3HVRHCIO3P5F7UUYL23TIBN', 0, 0, 0, 1);


--
-- Data for Name: act; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (1, 1795943137216, 'sitora', '', 'staff-add', '');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (2, 1795943137536, 'daler', '', 'staff-add', '');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (3, 1795943137690, 'zebo', '', 'staff-add', '');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (4, 1795943153421, 'sitora', '', 'staff-link', '');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (5, 1795943153424, 'sitora', 'TJ-KT-01', 'sign-in', '');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (6, 1795943153429, 'sitora', 'TJ-KT-01', 'add', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (7, 1795943153432, 'sitora', 'TJ-KT-01', 'issue', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (8, 1795943153438, 'sitora', 'TJ-KT-01', 'return', '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (9, 1795943153445, 'sitora', 'TJ-KT-01', 'duplicate', '01a2268d-861b-739c-9e1e-f3643506ba85');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (10, 1795943186601, 'daler', '', 'staff-link', '');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (11, 1795943186603, 'daler', '', 'sign-in', '');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (12, 1795943186606, 'daler', '', 'figures', '');
INSERT INTO public.act OVERRIDING SYSTEM VALUE VALUES (13, 1795943186610, 'daler', '', 'figures', '');


--
-- Data for Name: alert; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alert VALUES ('01a2268d-8747-71d3-baf5-ac739ee4dd5b', 'TJ-KT-BOX-01', 1795943139450, 0, '');


--
-- Data for Name: alike; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alike VALUES ('bnб/мвзн', 20785, '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.alike VALUES ('byб/1999', 20785, '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.alike VALUES ('bhб/TJ-KT-07', 20785, '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.alike VALUES ('byмвзн/1999', 20785, '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.alike VALUES ('bhмвзн/TJ-KT-07', 20785, '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.alike VALUES ('bt918215797/-', 20785, '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.alike VALUES ('bd1999/0112', 20785, '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.alike VALUES ('bcA01410101/-', 20785, '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.alike VALUES ('bnзр/нлфр', 20785, '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.alike VALUES ('byзр/1994', 20785, '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.alike VALUES ('bhзр/TJ-KT-07', 20785, '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.alike VALUES ('byнлфр/1994', 20785, '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.alike VALUES ('bhнлфр/TJ-KT-07', 20785, '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.alike VALUES ('bt918989653/-', 20785, '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.alike VALUES ('bd1994/0622', 20785, '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.alike VALUES ('bcA01410230/-', 20785, '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.alike VALUES ('bnалм/рхшн', 20785, '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.alike VALUES ('byалм/2000', 20785, '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.alike VALUES ('bhалм/TJ-KT-07', 20785, '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.alike VALUES ('byрхшн/2000', 20785, '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.alike VALUES ('bhрхшн/TJ-KT-07', 20785, '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.alike VALUES ('bt918870868/-', 20785, '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.alike VALUES ('bd2000/0229', 20785, '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.alike VALUES ('bcA01410344/-', 20785, '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.alike VALUES ('bnзр/нлфр', 20785, '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.alike VALUES ('byзр/1994', 20785, '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.alike VALUES ('bhзр/TJ-KT-07', 20785, '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.alike VALUES ('byнлфр/1994', 20785, '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.alike VALUES ('bhнлфр/TJ-KT-07', 20785, '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.alike VALUES ('bt918989653/-', 20785, '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.alike VALUES ('bd1994/0622', 20785, '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.alike VALUES ('bcA01410237/-', 20785, '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.alike VALUES ('dnнзр/сдмрд', 20785, '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.alike VALUES ('dyнзр/1984', 20785, '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.alike VALUES ('dhнзр/TJ-KT-01', 20785, '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.alike VALUES ('dyсдмрд/1984', 20785, '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.alike VALUES ('dhсдмрд/TJ-KT-01', 20785, '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.alike VALUES ('dd1984/0310', 20785, '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.alike VALUES ('dcA16003451/-', 20785, '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.alike VALUES ('dnкрм/фз', 20785, '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.alike VALUES ('dyфз/1979', 20785, '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.alike VALUES ('dhфз/TJ-KT-01', 20785, '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.alike VALUES ('dyкрм/1979', 20785, '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.alike VALUES ('dhкрм/TJ-KT-01', 20785, '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.alike VALUES ('dd1979/1123', 20785, '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.alike VALUES ('dcA16003452/-', 20785, '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.alike VALUES ('dnаскндр/крм', 20785, '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.alike VALUES ('dyкрм/1990', 20785, '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.alike VALUES ('dhкрм/TJ-KT-01', 20785, '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.alike VALUES ('dyаскндр/1990', 20785, '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.alike VALUES ('dhаскндр/TJ-KT-01', 20785, '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.alike VALUES ('dd1990/0105', 20785, '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.alike VALUES ('dcA16003453/-', 20785, '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.alike VALUES ('dnгн/кдртл', 20785, '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.alike VALUES ('dyгн/1951', 20785, '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.alike VALUES ('dhгн/TJ-KT-01', 20785, '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.alike VALUES ('dyкдртл/1951', 20785, '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.alike VALUES ('dhкдртл/TJ-KT-01', 20785, '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.alike VALUES ('dd1951/0203', 20785, '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.alike VALUES ('dcA00917335/-', 20785, '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.alike VALUES ('dnрзхл/сд', 20785, '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.alike VALUES ('dyсд/1995', 20785, '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.alike VALUES ('dhсд/TJ-KT-01', 20785, '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.alike VALUES ('dyрзхл/1995', 20785, '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.alike VALUES ('dhрзхл/TJ-KT-01', 20785, '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.alike VALUES ('dd1995/0106', 20785, '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.alike VALUES ('dcA13002746/-', 20785, '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.alike VALUES ('dnрхмн/хлмрд', 20785, '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.alike VALUES ('dyрхмн/1949', 20785, '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.alike VALUES ('dhрхмн/TJ-KT-01', 20785, '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.alike VALUES ('dyхлмрд/1949', 20785, '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.alike VALUES ('dhхлмрд/TJ-KT-01', 20785, '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.alike VALUES ('dd1949/0909', 20785, '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.alike VALUES ('dcA00917400/-', 20785, '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.alike VALUES ('bnасмн/млк', 20784, '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.alike VALUES ('byасмн/1990', 20784, '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.alike VALUES ('bhасмн/TJ-KT-07', 20784, '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.alike VALUES ('byмлк/1990', 20784, '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.alike VALUES ('bhмлк/TJ-KT-07', 20784, '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.alike VALUES ('bd1990/0314', 20784, '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.alike VALUES ('bcA07334519/-', 20784, '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.alike VALUES ('bnмрз/шхнз', 20785, '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.alike VALUES ('byмрз/1996', 20785, '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.alike VALUES ('bhмрз/TJ-KT-07', 20785, '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.alike VALUES ('byшхнз/1996', 20785, '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.alike VALUES ('bhшхнз/TJ-KT-07', 20785, '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.alike VALUES ('bt918083494/-', 20785, '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.alike VALUES ('bd1996/0830', 20785, '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.alike VALUES ('bcA01410511/-', 20785, '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.alike VALUES ('bnрхм/срвнз', 20784, '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.alike VALUES ('byрхм/1998', 20784, '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.alike VALUES ('bhрхм/TJ-KT-07', 20784, '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.alike VALUES ('byсрвнз/1998', 20784, '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.alike VALUES ('bhсрвнз/TJ-KT-07', 20784, '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.alike VALUES ('bt918105951/-', 20784, '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.alike VALUES ('bd1998/0417', 20784, '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.alike VALUES ('bcA01410027/-', 20784, '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.alike VALUES ('bnфрз/шнзр', 20786, '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.alike VALUES ('byшнзр/1993', 20786, '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.alike VALUES ('bhшнзр/TJ-KT-01', 20786, '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.alike VALUES ('byфрз/1993', 20786, '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.alike VALUES ('bhфрз/TJ-KT-01', 20786, '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.alike VALUES ('bd1993/0211', 20786, '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.alike VALUES ('bnфрз/шнзр', 20786, '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.alike VALUES ('byшнзр/1993', 20786, '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.alike VALUES ('bhшнзр/TJ-KT-01', 20786, '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.alike VALUES ('byфрз/1993', 20786, '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.alike VALUES ('bhфрз/TJ-KT-01', 20786, '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.alike VALUES ('bd1993/0211', 20786, '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.alike VALUES ('bnнм/фтм', 20786, '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.alike VALUES ('byнм/1997', 20786, '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.alike VALUES ('bhнм/TJ-KT-01', 20786, '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.alike VALUES ('byфтм/1997', 20786, '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.alike VALUES ('bhфтм/TJ-KT-01', 20786, '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.alike VALUES ('bd1997/0505', 20786, '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.alike VALUES ('dnдхтр/нм', 20786, '01a2268d-a172-7667-856a-e5040dde51c7');
INSERT INTO public.alike VALUES ('dyнм/2026', 20786, '01a2268d-a172-7667-856a-e5040dde51c7');
INSERT INTO public.alike VALUES ('dhнм/TJ-KT-01', 20786, '01a2268d-a172-7667-856a-e5040dde51c7');
INSERT INTO public.alike VALUES ('dyдхтр/2026', 20786, '01a2268d-a172-7667-856a-e5040dde51c7');
INSERT INTO public.alike VALUES ('dhдхтр/TJ-KT-01', 20786, '01a2268d-a172-7667-856a-e5040dde51c7');
INSERT INTO public.alike VALUES ('dd2026/1129', 20786, '01a2268d-a172-7667-856a-e5040dde51c7');


--
-- Data for Name: book; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.book VALUES (3);


--
-- Data for Name: cell; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.cell VALUES ('country', '', 24322, '{"annulled":1,"answered":3,"causes_awaited":1,"certificate.35":1,"coded_causes":4,"deaths":6,"deaths_age_15_49":3,"deaths_age_70_plus":2,"deaths_early_neonatal_0_6d":1,"duplicates":1,"female_births":4,"held":3,"judged":20,"live_births":8,"male_births":4,"maternal_deaths":1,"no_certificate.27":1,"no_certificate.28":5,"no_certificate.29":3,"received.0":4,"received.23":1,"received.25":3,"received.26":2,"received.31":1,"received.32":1,"received.34":6,"received.42":1,"received.58":1,"received_in_time":20,"registered.0":4,"registered.23":1,"registered.25":2,"registered.26":1,"registered.31":1,"registered.32":1,"registered.34":2,"registered.42":1,"registered.58":1,"returned":2,"returned.D06 deceased.born":1,"returned.registrar ":1,"road_deaths":2,"signed.0":4,"signed.23":1,"signed.25":3,"signed.26":2,"signed.31":1,"signed.32":1,"signed.34":6,"signed.42":1,"signed.58":1,"signed_in_time":5,"stillbirths":2,"unknown_cause.a.text":1,"unknown_deceased.document":1,"unknown_foetus.died_when":1,"unknown_mother.document":2,"unnamed.28":2,"unnamed.29":2,"weighed":8}');
INSERT INTO public.cell VALUES ('district', 'TJ-KT-01', 24322, '{"annulled":1,"answered":3,"causes_awaited":1,"certificate.35":1,"coded_causes":4,"deaths":6,"deaths_age_15_49":3,"deaths_age_70_plus":2,"deaths_early_neonatal_0_6d":1,"duplicates":1,"female_births":4,"held":3,"judged":20,"live_births":8,"male_births":4,"maternal_deaths":1,"no_certificate.27":1,"no_certificate.28":5,"no_certificate.29":3,"received.0":4,"received.23":1,"received.25":3,"received.26":2,"received.31":1,"received.32":1,"received.34":6,"received.42":1,"received.58":1,"received_in_time":20,"registered.0":4,"registered.23":1,"registered.25":2,"registered.26":1,"registered.31":1,"registered.32":1,"registered.34":2,"registered.42":1,"registered.58":1,"returned":2,"returned.D06 deceased.born":1,"returned.registrar ":1,"road_deaths":2,"signed.0":4,"signed.23":1,"signed.25":3,"signed.26":2,"signed.31":1,"signed.32":1,"signed.34":6,"signed.42":1,"signed.58":1,"signed_in_time":5,"stillbirths":2,"unknown_cause.a.text":1,"unknown_deceased.document":1,"unknown_foetus.died_when":1,"unknown_mother.document":2,"unnamed.28":2,"unnamed.29":2,"weighed":8}');
INSERT INTO public.cell VALUES ('district-residence', 'TJ-KT-01', 24322, '{"answered":1,"causes_awaited":1,"coded_causes":4,"deaths":6,"deaths_age_15_49":3,"deaths_age_70_plus":2,"deaths_early_neonatal_0_6d":1,"female_births":2,"held":2,"judged":11,"live_births":2,"maternal_deaths":1,"no_certificate.28":3,"no_certificate.29":3,"received.0":4,"received.31":1,"received.34":6,"received_in_time":11,"registered.0":4,"registered.31":1,"registered.34":2,"returned":2,"returned.D06 deceased.born":1,"returned.registrar ":1,"road_deaths":2,"signed.0":4,"signed.31":1,"signed.34":6,"signed_in_time":4,"stillbirths":1,"unknown_cause.a.text":1,"unknown_deceased.document":1,"unknown_mother.document":2,"unnamed.29":2,"weighed":2}');
INSERT INTO public.cell VALUES ('district-residence', 'TJ-KT-07', 24322, '{"annulled":1,"answered":2,"certificate.35":1,"duplicates":1,"female_births":2,"held":1,"judged":9,"live_births":6,"male_births":4,"no_certificate.27":1,"no_certificate.28":2,"received.23":1,"received.25":3,"received.26":2,"received.32":1,"received.42":1,"received.58":1,"received_in_time":9,"registered.23":1,"registered.25":2,"registered.26":1,"registered.32":1,"registered.42":1,"registered.58":1,"signed.23":1,"signed.25":3,"signed.26":2,"signed.32":1,"signed.42":1,"signed.58":1,"signed_in_time":1,"stillbirths":1,"unknown_foetus.died_when":1,"unnamed.28":2,"weighed":6}');
INSERT INTO public.cell VALUES ('facility', 'TJ-KT-BOX-01', 24322, '{"annulled":1,"answered":3,"causes_awaited":1,"certificate.35":1,"coded_causes":4,"deaths":6,"deaths_age_15_49":3,"deaths_age_70_plus":2,"deaths_early_neonatal_0_6d":1,"duplicates":1,"female_births":4,"held":3,"judged":20,"live_births":8,"male_births":4,"maternal_deaths":1,"no_certificate.27":1,"no_certificate.28":5,"no_certificate.29":3,"received.0":4,"received.23":1,"received.25":3,"received.26":2,"received.31":1,"received.32":1,"received.34":6,"received.42":1,"received.58":1,"received_in_time":20,"registered.0":4,"registered.23":1,"registered.25":2,"registered.26":1,"registered.31":1,"registered.32":1,"registered.34":2,"registered.42":1,"registered.58":1,"returned":2,"returned.D06 deceased.born":1,"returned.registrar ":1,"road_deaths":2,"signed.0":4,"signed.23":1,"signed.25":3,"signed.26":2,"signed.31":1,"signed.32":1,"signed.34":6,"signed.42":1,"signed.58":1,"signed_in_time":5,"stillbirths":2,"unknown_cause.a.text":1,"unknown_deceased.document":1,"unknown_foetus.died_when":1,"unknown_mother.document":2,"unnamed.28":2,"unnamed.29":2,"weighed":8}');
INSERT INTO public.cell VALUES ('region', 'TJ-KT', 24322, '{"annulled":1,"answered":3,"causes_awaited":1,"certificate.35":1,"coded_causes":4,"deaths":6,"deaths_age_15_49":3,"deaths_age_70_plus":2,"deaths_early_neonatal_0_6d":1,"duplicates":1,"female_births":4,"held":3,"judged":20,"live_births":8,"male_births":4,"maternal_deaths":1,"no_certificate.27":1,"no_certificate.28":5,"no_certificate.29":3,"received.0":4,"received.23":1,"received.25":3,"received.26":2,"received.31":1,"received.32":1,"received.34":6,"received.42":1,"received.58":1,"received_in_time":20,"registered.0":4,"registered.23":1,"registered.25":2,"registered.26":1,"registered.31":1,"registered.32":1,"registered.34":2,"registered.42":1,"registered.58":1,"returned":2,"returned.D06 deceased.born":1,"returned.registrar ":1,"road_deaths":2,"signed.0":4,"signed.23":1,"signed.25":3,"signed.26":2,"signed.31":1,"signed.32":1,"signed.34":6,"signed.42":1,"signed.58":1,"signed_in_time":5,"stillbirths":2,"unknown_cause.a.text":1,"unknown_deceased.document":1,"unknown_foetus.died_when":1,"unknown_mother.document":2,"unnamed.28":2,"unnamed.29":2,"weighed":8}');
INSERT INTO public.cell VALUES ('region-residence', 'TJ-KT', 24322, '{"annulled":1,"answered":3,"causes_awaited":1,"certificate.35":1,"coded_causes":4,"deaths":6,"deaths_age_15_49":3,"deaths_age_70_plus":2,"deaths_early_neonatal_0_6d":1,"duplicates":1,"female_births":4,"held":3,"judged":20,"live_births":8,"male_births":4,"maternal_deaths":1,"no_certificate.27":1,"no_certificate.28":5,"no_certificate.29":3,"received.0":4,"received.23":1,"received.25":3,"received.26":2,"received.31":1,"received.32":1,"received.34":6,"received.42":1,"received.58":1,"received_in_time":20,"registered.0":4,"registered.23":1,"registered.25":2,"registered.26":1,"registered.31":1,"registered.32":1,"registered.34":2,"registered.42":1,"registered.58":1,"returned":2,"returned.D06 deceased.born":1,"returned.registrar ":1,"road_deaths":2,"signed.0":4,"signed.23":1,"signed.25":3,"signed.26":2,"signed.31":1,"signed.32":1,"signed.34":6,"signed.42":1,"signed.58":1,"signed_in_time":5,"stillbirths":2,"unknown_cause.a.text":1,"unknown_deceased.document":1,"unknown_foetus.died_when":1,"unknown_mother.document":2,"unnamed.28":2,"unnamed.29":2,"weighed":8}');


--
-- Data for Name: enrolment; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.enrolment VALUES ('tg4KT4Yh_cfGa9v8xM7rkhcrPEVeqnR-M9JCEgfflbE', 'mpI1-634Vx74rzFVY9wVTyAaL1oObo5bNqqXphQcbeI', 'eyJhbGciOiJFZERTQSIsImtpZCI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMDU5MTY4OTgyKzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiZmFjaWxpdHkiOnsiZGlzdHJpY3QiOiJUSi1LVC0wMSIsIm5hbWUiOiLQkdC10LzQvtGA0YXQvtC90LDQuCDQvNCw0YDQutCw0LfQuNC4INCh0L7QvNC-0L3QuNGR0L0iLCJvZmZpY2UiOiJUSi1LVC0wMSJ9LCJ2IjoxLCJ3aGF0IjoiZGV2aWNlIiwieCI6ImZ1VmVRVW9zR2hMRTdOVDVCYUVqRDNfbTBqTDFReVRaYW1QRFVtMzhPZGMifQ.JP82EbtdPKrsjtow-NjXY08969VTY9XNfAqcMu2qapf4CUzRsyjmXZWvZ0H4g8YfQ89HYYfY1tDdbl3C9U8LCg', 1795943138059, 'approved', 0);
INSERT INTO public.enrolment VALUES ('yMn_tPYnxAo_ePX2yl_Ivs2lQMwsJtVZf_eMHhEN-fc', 'KHSKjFR44TcKAmuBcNx-oneYk4n5L1L67eS3BJISwl4', 'eyJhbGciOiJFZERTQSIsImtpZCI6IktIU0tqRlI0NFRjS0FtdUJjTngtb25lWWs0bjVMMUw2N2VTM0JKSVN3bDQiLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzcuOTIwMjM1NjE1KzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwibmFtZSI6ItCg0LjQt9C-0LXQstCwINCi06_RgtOjIiwicm9sZSI6ImNsZXJrIiwidXNyIjoiZGFmdGFyIiwidiI6MSwid2hhdCI6InBlcnNvbiIsIngiOiI2NVlOQVhlWURsMkpqTS1JQjMtbkJuNHd0dG1FOEx5V2xWZjdQcHBSeGJVIn0.vIeB4XeQtDPRVX9DqZLLy2k1FEu4pc7F7j20FUX5my0GSnrumneJEDNaGAuswHRlje6cVjvzQEIjDMZZ63gUCg', 1795943138062, 'approved', 0);
INSERT INTO public.enrolment VALUES ('kCLvq2EcSM4pmtC27hk--umvdBX9zZZo26_1V7hGJRc', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzcuNzczMzA0MjA4KzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwibmFtZSI6ItCQ0LHQtNGD0LvQu9C-0LfQvtC00LAg0KTQuNGA06_QtyIsInJvbGUiOiJkb2N0b3IiLCJ1c3IiOiJmaXJ1eiIsInYiOjEsIndoYXQiOiJwZXJzb24iLCJ4IjoiZkx1U3BNUVpKcTZEY0lVUjBvS1hyQkw3T1lRVmlFVkFlWTMtaUVIZlhkYyJ9.-0n_I1MZ1Pd9iHB5rt1Zn4oG9CNd_0OR_nWdNGqfodfj2Cbq6clSTZnb-jFHLJ9r-NGluN_ADgh2GJ_4yT9xCA', 1795943138063, 'approved', 0);
INSERT INTO public.enrolment VALUES ('18XsrB9i2zDf6UMFVu5HUsjF_q6MsbkIvHrS_LPcZjY', 'X6URh_xPxk38p93EDygqLGYZvefkXf_gint1tqhm_3w', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ilg2VVJoX3hQeGszOHA5M0VEeWdxTEdZWnZlZmtYZl9naW50MXRxaG1fM3ciLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzcuODQ0NTE2NDEwKzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwibmFtZSI6ItCo0LDRgNC40L_QvtCy0LAg0JPRg9C70L3QvtGAIiwicm9sZSI6Im1pZHdpZmUiLCJ1c3IiOiJndWxub3IiLCJ2IjoxLCJ3aGF0IjoicGVyc29uIiwieCI6Im1sci1ETEY4MUtHWERWQUktV1o4QVlyZlpGZkYxM0pQai1Gbm42OVVDZEEifQ.E8c9Curha9OEVycu9B_KQO4mLC3xpLu3pzj4BKE3yjL0jLXOgNKAtIdp3v6V6VTYjgeo5CouaoztI-h3jRGRAQ', 1795943138067, 'approved', 0);
INSERT INTO public.enrolment VALUES ('PYWE_pv-7kU6odaD-euvdUDXyt63JsfspMsRpr4kT34', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', 'eyJhbGciOiJFZERTQSIsImtpZCI6IkdSaWVINmZaVDBlTUlNREZEclEzdk1ld21UN2R1MHpJTVZNWmNKejdmQXciLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzcuNzM5MjE5NDgxKzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwibmFtZSI6ItKa0L7RgdC40LzQvtCy0LAg0JzQtdKz0YDQuNC90LjRgdC-Iiwicm9sZSI6Im1pZHdpZmUiLCJ1c3IiOiJtZWhyaSIsInYiOjEsIndoYXQiOiJwZXJzb24iLCJ4IjoiLS1nRi1YSWNYOXNYSDhuR3pqOUV0V09WTE5fVkM0ZWZ3andEQnJObkdMOCJ9.kaKpYfb98O7kYQynBt_oZeQ7V8LRGdy_wDEW-iRPInVNNZgqz5BF9qjG7-Qa2Yyeyr4xFCxwXdhcE9PP1xIvAg', 1795943138068, 'approved', 0);
INSERT INTO public.enrolment VALUES ('iUQBtJ0BkkCWA1beRC3WJtgKgNw_fMSSJZ9mJVFYTHY', '_urz95_UicPP81DDzQLSnccE4AZksEu8e3MjPAJ3QhM', 'eyJhbGciOiJFZERTQSIsImtpZCI6Il91cno5NV9VaWNQUDgxRER6UUxTbmNjRTRBWmtzRXU4ZTNNalBBSjNRaE0iLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMDAyNzUxODk3KzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwibmFtZSI6ItCd0LDQt9Cw0YDQvtCy0LAg0J7QudC90LjRgdCwIiwicm9sZSI6ImF1ZGl0b3IiLCJ1c3IiOiJuYXphciIsInYiOjEsIndoYXQiOiJwZXJzb24iLCJ4IjoiUEtvYVd2elNyM2FNQzdMMFVacTFGVnE3eGFjblhjU3Q0OGFuMGx4QkRidyJ9.digaGFaz5b7QT8Oaj6WShhngu5S7doZVw_UBh6KONJ3WGsXW-L39CvPGTNDQt-bMv9CMU952QQgbezywvtZ2Cg', 1795943138069, 'approved', 0);
INSERT INTO public.enrolment VALUES ('LWW0Ow04CxNo2VrpGMdx-lV82OGQ3xS0THACzK5g0Yo', 'nkPFXoYZfQaZHL5ChgGLJN1Po-9A7XU3kVynJpuTCro', 'eyJhbGciOiJFZERTQSIsImtpZCI6Im5rUEZYb1laZlFhWkhMNUNoZ0dMSk4xUG8tOUE3WFUza1Z5bkpwdVRDcm8iLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzcuNzAwMDIzMjIwKzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwibmFtZSI6ItCd0LDQt9Cw0YDQt9C-0LTQsCDQndC40LPQvtGA0LAg0KjQsNGA0LjRhNC-0LLQvdCwIiwicm9sZSI6ImFkbWluaXN0cmF0b3IiLCJ1c3IiOiJuaWdvcmEiLCJ2IjoxLCJ3aGF0IjoicGVyc29uIiwieCI6ImFfaV96SGlzT3BHMDlVN0RHNjFUUk9WWkFkdkY2c3RnUDh1SjVjTndsR2cifQ.FSmkEYIngxmIIHXeu2jldlUceusAMthgIVah5rnEqlvAnY8RdOEmuLUtWeC4dbqZbogZR25yrSbOAPyAsQFYBw', 1795943138071, 'approved', 0);
INSERT INTO public.enrolment VALUES ('bE0hMsbmpI-eeoRVSeVBQwamuLiGM23DPPLa--RJM7U', 'WG9WE5h23Kx2XzxczBFlvy02ly-uvVpJ56mK5rP8g28', 'eyJhbGciOiJFZERTQSIsImtpZCI6IldHOVdFNWgyM0t4Mlh6eGN6QkZsdnkwMmx5LXV2VnBKNTZtSzVyUDhnMjgiLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzcuODEyNDgyMDIxKzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwibmFtZSI6ItCg0LDSt9Cw0LHQvtCy0LAg0KHQsNC00LHQsNGA0LMiLCJyb2xlIjoic2hpZnQtaGVhZCIsInVzciI6InNhZGJhcmciLCJ2IjoxLCJ3aGF0IjoicGVyc29uIiwieCI6Ik5ibEo2WXk4WUoxaHNoeDhpODcyVjhjWVVPaWxxQm1yMy1FM18yYllrcDAifQ.ulezwTF5vEox4rWxIee9QdIts1S7eDVvk8UcUQMySsvJkU4LiNmnHn3cAlc4h8IrbP-yXSdyRm0BrjIUjKN9Cg', 1795943138072, 'approved', 0);
INSERT INTO public.enrolment VALUES ('oTJU7rxesN2wN24S0Rd48AeBXGT2iZA2dSyIByrb3ec', 'EtKxSrcRihu5ACc4u2YgKM_H3VE5cMXJQJrLTyaqUZ4', 'eyJhbGciOiJFZERTQSIsImtpZCI6IkV0S3hTcmNSaWh1NUFDYzR1MllnS01fSDNWRTVjTVhKUUpyTFR5YXFVWjQiLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMDI5OTY2NDI3KzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwibmFtZSI6ItKS0LDRhNGD0YDQvtCyINCj0LzQtdC0Iiwicm9sZSI6ImZlbGRzaGVyIiwidXNyIjoidW1lZCIsInYiOjEsIndoYXQiOiJwZXJzb24iLCJ4IjoiTFNXeE1sRjNpUHVsb1VhQnBEbnhqbXowSHFrSlJibTM5UXJ4R1ZGYmNUWSJ9.Zhp7Ro6Tns9AVNFP764mYZipoEJBBaHvPjmEad7Hm00pGNG2COHzrxav_IPCMBpqZlm0AswQLv5S17GIuPnVAw', 1795943138073, 'approved', 0);
INSERT INTO public.enrolment VALUES ('uFBjKUaGA-HO4ZiBJl99jc_Y4s5K8Y3BhbNTtTVMNrI', '9nnYkEFpzfyY7UM2COyjX-wxdOPLj4RAPXezxduyiig', 'eyJhbGciOiJFZERTQSIsImtpZCI6IjlubllrRUZwemZ5WTdVTTJDT3lqWC13eGRPUExqNFJBUFhlenhkdXlpaWciLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzcuODgyNjA4MDU0KzA1OjAwIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwibmFtZSI6ItCu0YHRg9GE0LfQvtC00LAg0JfQsNGA0LjQvdCwIiwicm9sZSI6ImRvY3RvciIsInVzciI6InphcmluYSIsInYiOjEsIndoYXQiOiJwZXJzb24iLCJ4IjoiMnB1YjZrVHhxMDMzWmllc0cwRk1WUkk2TWNLOV9DRHpxNTRPTTd1QjRHSSJ9.iIv33_v3mFUUf7Wma3wyARn8-fuKaKkUUTMfVCCiBVhdK-SHZqlsQUX4GUcJPkSIHwHRDu9x8U5Zz2gSXCd1Cw', 1795943138075, 'approved', 0);
INSERT INTO public.enrolment VALUES ('X4FYLly-lvgD0j79H91hlpb-1Tw2ffB7qmDHoI7y2og', 'vjf8PJJPccVeysTCZLQiX-7-sTJN6dCx6y8S9KgbTs8', 'eyJhbGciOiJFZERTQSIsImtpZCI6IldHOVdFNWgyM0t4Mlh6eGN6QkZsdnkwMmx5LXV2VnBKNTZtSzVyUDhnMjgiLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJyZXEiOiJleUpoYkdjaU9pSkZaRVJUUVNJc0ltdHBaQ0k2SW5acVpqaFFTa3BRWTJOV1pYbHpWRU5hVEZGcFdDMDNMWE5VU2s0MlpFTjRObms0VXpsTFoySlVjemdpTENKMGVYQWlPaUp2WjI5b0xXVnVjbTlzSzJwM2N5SjkuZXlKaGRDSTZJakl3TWpZdE1URXRNamxVTVRRNk1EVTZNemd1TXpZMU9EWTJOalE0S3pBMU9qQXdJaXdpWm1Gaklqb2lWRW90UzFRdFFrOVlMVEF4SWl3aWJtRnRaU0k2SXRDdTBZSFJnOUdFMExmUXZ0QzAwTEFnMEpmUXNOR0EwTGpRdmRDd0lpd2ljbTlzWlNJNkltUnZZM1J2Y2lJc0luVnpjaUk2SW5waGNtbHVZU0lzSW5ZaU9qRXNJbmRvWVhRaU9pSndaWEp6YjI0aUxDSjRJam9pUWxGdVNsVmtSR2QwVVhKNE9UQkZWVjlVYUVJeFltUTVhVE0xZDNZMVNuTktRVE4yTkRGSFNFcG9NQ0o5Lk9MYnlhdEZEQXIzbm9EZTNzUHZVVjdpbVh2MU56REhDdFhKRGJSWDVwOVpHNkVySUpkTHF4SDVNODdpbUpicm9sVUtBOC1aWllhd1pTRnkxWWRRLUR3IiwidiI6MX0.UkYOHGUK6QtZJf-qxSSVmpNE3NIeHUUIr7RzY6UBDVAUeQtV6iEAgGVWNzV1BW7monifz8TorG_gAAXfPxKeCA', 1795943138399, 'approved', 0);
INSERT INTO public.enrolment VALUES ('ypJS1ShZjEnrJZeIaMQdRfTPcIp_g7gqAI8EDn9DnUc', 'q4Ha7vOE_A-AbpQzg_YKS9HARFMafwjbVDvEtJ7NZlQ', 'eyJhbGciOiJFZERTQSIsImtpZCI6Im5rUEZYb1laZlFhWkhMNUNoZ0dMSk4xUG8tOUE3WFUza1Z5bkpwdVRDcm8iLCJ0eXAiOiJvZ29oLWVucm9sK2p3cyJ9.eyJyZXEiOiJleUpoYkdjaU9pSkZaRVJUUVNJc0ltdHBaQ0k2SW5FMFNHRTNkazlGWDBFdFFXSndVWHBuWDFsTFV6bElRVkpHVFdGbWQycGlWa1IyUlhSS04wNWFiRkVpTENKMGVYQWlPaUp2WjI5b0xXVnVjbTlzSzJwM2N5SjkuZXlKaGRDSTZJakl3TWpZdE1URXRNamxVTVRRNk1EVTZNemd1TkRjNE9EQXdORGs0S3pBMU9qQXdJaXdpWm1Gaklqb2lWRW90UzFRdFFrOVlMVEF4SWl3aWJtRnRaU0k2SXRLUzBMRFJoTkdEMFlEUXZ0Q3lJTkNqMEx6UXRkQzBJaXdpY205c1pTSTZJbVpsYkdSemFHVnlJaXdpZFhOeUlqb2lkVzFsWkNJc0luWWlPakVzSW5kb1lYUWlPaUp3WlhKemIyNGlMQ0o0SWpvaVQySnJjemxJY0ZGVlZXdFBOVFIzYUhodFlWbEJZUzFOYlRoTGF6QndWRVl5U1c1dVUyY3lRM0ZEYXlKOS5ESWI1Z2VzNDg3ak1KdllMR2k1WWFLYVFfX2NRbW5OcDNBYjI4ZW5lWVFZM1lLdFBCZHZaVExaVUg1QzVPY1RZRGZxbUwycFB1a0lnY3EzVnNtMXdBQSIsInYiOjF9.OAsPWU77-bHl_dxPG8ENzMqrLWPt9q8Q132r4ka9CX7TSwxiiS0ntvOE9OmBGKLp_FH4oW-Mh4-EsRd01cTyBA', 1795943138636, 'waiting', 0);


--
-- Data for Name: entry; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (1, 'VquLJQ7RnuWnlqGbQuIzxtc_YfBnVLUg6Rm_3t-Fp_o', '01a2268d-8403-721c-b23b-2ab828231240', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 1, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '01a2268d-8403-721c-b23b-2ab828231240', 1, 'open', 'TJ-KT-BOX-01', 'mpI1-634Vx74rzFVY9wVTyAaL1oObo5bNqqXphQcbeI', 1, 1795943138399, 'eyJhbGciOiJFZERTQSIsImtpZCI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJkZXZpY2UiOnsiYWxnIjoiRWREU0EiLCJjcnYiOiJFZDI1NTE5Iiwia2lkIjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImt0eSI6Ik9LUCIsInVzZSI6InNpZyIsIngiOiJmdVZlUVVvc0doTEU3TlQ1QmFFakQzX20wakwxUXlUWmFtUERVbTM4T2RjIn0sImZhY2lsaXR5IjoiVEotS1QtQk9YLTAxIn0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjgyODIzMTI0MCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjgyODIzMTI0MCIsInByZXYiOiJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOC4zMDc4MjY4MzIrMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJkZXZpY2UiLCJzZXEiOjEsInQiOiJvcGVuIiwidXNyIjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsInYiOjF9.miyME5eFXMdqAXb0hppSjH8JfzcSl19dGMNWjNhIEnAEAAiRPVy20BU8RyvkNRuX66ljFKRrqH1DJYjO1YF4AA', 'received', '{"status":"received","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (2, 'Vq5o3R9Surc6JoP95-Hs5QbDnZVpR-v1tC0BFrraDq0', '01a2268d-8403-721c-b23b-2ab7febe4c20', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 2, 'VquLJQ7RnuWnlqGbQuIzxtc_YfBnVLUg6Rm_3t-Fp_o', '01a2268d-8403-721c-b23b-2ab7febe4c20', 1, 'key', 'TJ-KT-BOX-01', 'nkPFXoYZfQaZHL5ChgGLJN1Po-9A7XU3kVynJpuTCro', 1, 1795943138399, 'eyJhbGciOiJFZERTQSIsImtpZCI6Im5rUEZYb1laZlFhWkhMNUNoZ0dMSk4xUG8tOUE3WFUza1Z5bkpwdVRDcm8iLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJraWQiOiJYNlVSaF94UHhrMzhwOTNFRHlncUxHWVp2ZWZrWGZfZ2ludDF0cWhtXzN3IiwidXNyIjoiZ3Vsbm9yIiwid2hhdCI6InN1c3BlbmRlZCJ9LCJjbGsiOiJzeW5jZWQiLCJkZXYiOiJtcEkxLTYzNFZ4NzRyekZWWTl3VlR5QWFMMW9PYm81Yk5xcVhwaFFjYmVJIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI3ZmViZTRjMjAiLCJqaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI5YzU5ZmJmODUiLCJuaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI3ZmViZTRjMjAiLCJwcmV2IjoiVnF1TEpRN1JudVdubHFHYlF1SXp4dGNfWWZCblZMVWc2Um1fM3QtRnBfbyIsInJlYyI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMzA3ODI2ODMyKzA1OjAwIiwicmV2IjoxLCJyb2xlIjoiYWRtaW5pc3RyYXRvciIsInNlcSI6MiwidCI6ImtleSIsInVzciI6Im5pZ29yYSIsInYiOjF9.ARrPcP0wK0oGh9WGwRp0xoHMYNCZsATLRS_WwmcsNFBmKEgnVo0WQWw6u7B98Tmg8bue-HL33hICFyb8TxU2Ag', 'received', '{"status":"received","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (4, 'RDQ-VoWYz1itqO4SV-fWHZgqV9twMjqvu3caDcmBeAs', '01a2268d-8456-7791-9e49-2c99ac1b1e55', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 4, 'nXmtq21ZYjkUjOlwZkc8xSGHlXWPgxjNNp2YWZ9lMV0', '01a2268d-8456-7791-9e49-2c99ac1b1e55', 1, 'key', 'TJ-KT-BOX-01', 'WG9WE5h23Kx2XzxczBFlvy02ly-uvVpJ56mK5rP8g28', 1, 1795943138399, 'eyJhbGciOiJFZERTQSIsImtpZCI6IldHOVdFNWgyM0t4Mlh6eGN6QkZsdnkwMmx5LXV2VnBKNTZtSzVyUDhnMjgiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJyZXF1ZXN0IjoiZXlKaGJHY2lPaUpGWkVSVFFTSXNJbXRwWkNJNklsZEhPVmRGTldneU0wdDRNbGg2ZUdONlFrWnNkbmt3TW14NUxYVjJWbkJLTlRadFN6VnlVRGhuTWpnaUxDSjBlWEFpT2lKdloyOW9MV1Z1Y205c0sycDNjeUo5LmV5SnlaWEVpT2lKbGVVcG9Za2RqYVU5cFNrWmFSVkpVVVZOSmMwbHRkSEJhUTBrMlNXNWFjVnBxYUZGVGEzQlJXVEpPVjFwWWJIcFdSVTVoVkVaR2NGZERNRE5NV0U1VlUyczBNbHBGVGpST2JtczBWWHBzVEZveVNsVmplbWRwVEVOS01HVllRV2xQYVVwMldqSTViMHhYVm5WamJUbHpTekp3TTJONVNqa3VaWGxLYUdSRFNUWkpha2wzVFdwWmRFMVVSWFJOYW14VlRWUlJOazFFVlRaTmVtZDFUWHBaTVU5RVdUSk9hbEUwUzNwQk1VOXFRWGRKYVhkcFdtMUdha2xxYjJsV1JXOTBVekZSZEZGck9WbE1WRUY0U1dsM2FXSnRSblJhVTBrMlNYUkRkVEJaU0ZKbk9VZEZNRXhtVVhaMFF6QXdURUZuTUVwbVVYTk9SMEV3VEdwUmRtUkRkMGxwZDJsamJUbHpXbE5KTmtsdFVuWlpNMUoyWTJsSmMwbHVWbnBqYVVrMlNXNXdhR050YkhWWlUwbHpTVzVaYVU5cVJYTkpibVJ2V1ZoUmFVOXBTbmRhV0VwNllqSTBhVXhEU2pSSmFtOXBVV3hHZFZOc1ZtdFNSMlF3VlZoS05FOVVRa1pXVmpsVllVVkplRmx0VVRWaFZFMHhaRE5aTVZOdVRrdFJWRTR5VGtSR1NGTkZjRzlOUTBvNUxrOU1ZbmxoZEVaRVFYSXpibTlFWlROelVIWlZWamRwYlZoMk1VNTZSRWhEZEZoS1JHSlNXRFZ3T1ZwSE5rVnlTVXBrVEhGNFNEVk5PRGRwYlVwaWNtOXNWVXRCT0MxYVdsbGhkMXBUUm5reFdXUlJMVVIzSWl3aWRpSTZNWDAuVWtZT0hHVUs2UXRaSmYtcXhTU1ZtcE5FM05JZUhVVUlyN1J6WTZVQkRWQVVlUXRWNmlFQWdHVldOelYxQlc3bW9uaWZ6OFRvckdfZ0FBWGZQeEtlQ0EiLCJ1c3IiOiJ6YXJpbmEiLCJ3aGF0IjoibmV3In0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg0NTYtNzc5MS05ZTQ5LTJjOTlhYzFiMWU1NSIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg0NTYtNzc5MS05ZTQ5LTJjOTlhYzFiMWU1NSIsInByZXYiOiJuWG10cTIxWllqa1VqT2x3WmtjOHhTR0hsWFdQZ3hqTk5wMllXWjlsTVYwIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOC4zNjU4NjY2NDgrMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJzaGlmdC1oZWFkIiwic2VxIjo0LCJ0Ijoia2V5IiwidXNyIjoic2FkYmFyZyIsInYiOjF9.8hC8m1xBElsq3i1puILoKUWy1sx6tz8bWv-KGwM9qCfBGfJM6v2zyNpQWM-EjivsoPFw6WtpE4j7C9gYpMorBw', 'received', '{"status":"received","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (18, 'qwshwcBzLMjNYdgVowsRCJkc4qIsuOASH9_lrBdmkVQ', '01a2268d-8747-71d3-baf5-ac739ee4dd5b', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 18, 'Z805mVbNBNtdVkOJ5JVKRxmbfKC8JcKwVCLmsM33ffk', '01a2268d-8747-71d3-baf5-ac739ee4dd5b', 1, 'death', 'TJ-KT-BOX-01', 'WG9WE5h23Kx2XzxczBFlvy02ly-uvVpJ56mK5rP8g28', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IldHOVdFNWgyM0t4Mlh6eGN6QkZsdnkwMmx5LXV2VnBKNTZtSzVyUDhnMjgiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJhdXRvcHN5Ijp7InJlcXVlc3RlZCI6Im5vIn0sImNhdXNlIjp7ImEiOnsiY29kZSI6Ik4xNy45IiwiaW50ZXJ2YWwiOiJQMkQiLCJ0ZXh0Ijoi0J7RgdGC0YDQsNGPINC_0L7Rh9C10YfQvdCw0Y8g0L3QtdC00L7RgdGC0LDRgtC-0YfQvdC-0YHRgtGMIn0sImIiOnsiY29kZSI6Ik84NSIsImludGVydmFsIjoiUDlEIiwidGV4dCI6ItCf0L7RgdC70LXRgNC-0LTQvtCy0L7QuSDRgdC10L_RgdC40YEifSwibGFuZyI6InJ1Iiwib3RoZXIiOnsiY29kZSI6IkQ1MC45IiwiaW50ZXJ2YWwiOiJQNk0iLCJ0ZXh0Ijoi0JbQtdC70LXQt9C-0LTQtdGE0LjRhtC40YLQvdCw0Y8g0LDQvdC10LzQuNGPIn19LCJkZWF0aCI6eyJjZXJ0aWZpY2F0ZSI6ImZpbmFsIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibWFubmVyIjoiZGlzZWFzZSIsInBsYWNlIjoiZmFjaWxpdHkiLCJ0aW1lIjoiMDY6MzAifSwiZGVjZWFzZWQiOnsiYm9ybiI6IjE5OTUtMDEtMDYiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwiZG9jdW1lbnQiOiLQkCAxMzAwMjc0NiIsImdpdmVuIjoi0KDTr9C30LjQs9GD0LsiLCJzZXgiOiJmZW1hbGUiLCJzdXJuYW1lIjoi0KHQsNC40LTQvtCy0LAifSwib2ZmaWNlIjoiVEotS1QtMDEiLCJwcmVnbmFuY3kiOnsiY29udHJpYnV0ZWQiOiJ5ZXMiLCJwcmVnbmFudCI6InllcyIsIndoZW4iOiJ3aXRoaW4tNDItZGF5cyJ9LCJzdXJnZXJ5Ijp7InBlcmZvcm1lZCI6Im5vIn19LCJjbGsiOiJzeW5jZWQiLCJkZXYiOiJtcEkxLTYzNFZ4NzRyekZWWTl3VlR5QWFMMW9PYm81Yk5xcVhwaFFjYmVJIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaWQiOiIwMWEyMjY4ZC04NzQ3LTcxZDMtYmFmNS1hYzczOWVlNGRkNWIiLCJqaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI5YzU5ZmJmODUiLCJuaWQiOiIwMWEyMjY4ZC04NzQ3LTcxZDMtYmFmNS1hYzczOWVlNGRkNWIiLCJwcmV2IjoiWjgwNW1WYk5CTnRkVmtPSjVKVktSeG1iZktDOEpjS3dWQ0xtc00zM2ZmayIsInJlYyI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuMTQzODU2ODM3KzA1OjAwIiwicmV2IjoxLCJyb2xlIjoic2hpZnQtaGVhZCIsInNlcSI6MTgsInQiOiJkZWF0aCIsInVzciI6InNhZGJhcmciLCJ2IjoxfQ.GhENMeI8ySzRuMGriUiRGy_pqsUunvh_9emGUJoXH0j5_NDj_Y072FT0haO4EpnnwP7iPpGWyycuasRS-7MXCA', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-D-000002","office":"TJ-KT-01","open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (19, 'VZtsOfZwRsvKcBbswrhK6Wj0AV0pY__tOfsVq_dH6PM', '01a2268d-878b-717c-bffb-5e2f99cbbb3d', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 19, 'qwshwcBzLMjNYdgVowsRCJkc4qIsuOASH9_lrBdmkVQ', '01a2268d-878b-717c-bffb-5e2f99cbbb3d', 1, 'death', 'TJ-KT-BOX-01', 'WG9WE5h23Kx2XzxczBFlvy02ly-uvVpJ56mK5rP8g28', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IldHOVdFNWgyM0t4Mlh6eGN6QkZsdnkwMmx5LXV2VnBKNTZtSzVyUDhnMjgiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJhdXRvcHN5Ijp7InJlcXVlc3RlZCI6Im5vIn0sImNhdXNlIjp7ImEiOnsidGV4dCI6eyJub3QiOiJ5ZXQifX0sImxhbmciOiJ0ZyJ9LCJkZWF0aCI6eyJjZXJ0aWZpY2F0ZSI6InByZWxpbWluYXJ5IiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibWFubmVyIjoiZGlzZWFzZSIsInBsYWNlIjoiZmFjaWxpdHkiLCJ0aW1lIjoiMDQ6MDUifSwiZGVjZWFzZWQiOnsiYm9ybiI6IjE5NDktMDktMDkiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwiZG9jdW1lbnQiOiLQkCAwMDkxNzQwMCIsImdpdmVuIjoi0KXQvtC70LzRg9GA0L7QtCIsInNleCI6Im1hbGUiLCJzdXJuYW1lIjoi0KDQsNKz0LzQvtC90L7QsiJ9LCJvZmZpY2UiOiJUSi1LVC0wMSIsInN1cmdlcnkiOnsicGVyZm9ybWVkIjoibm8ifX0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg3OGItNzE3Yy1iZmZiLTVlMmY5OWNiYmIzZCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg3OGItNzE3Yy1iZmZiLTVlMmY5OWNiYmIzZCIsInByZXYiOiJxd3Nod2NCekxNak5ZZGdWb3dzUkNKa2M0cUlzdU9BU0g5X2xyQmRta1ZRIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOS4yMTE2MzE5MDIrMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJzaGlmdC1oZWFkIiwic2VxIjoxOSwidCI6ImRlYXRoIiwidXNyIjoic2FkYmFyZyIsInYiOjF9.zu1NQPkMBflwt49wqbtAncz1po5ttMDTx-5Tj7xv0_u6NisUBfUrlwe3ClADED2xLji7F9HsQcZFxazZb10gDA', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-D-000003","office":"TJ-KT-01","open":["cause"],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (20, 'qzaQJGnC519RnMnp8NN7Upwb-fxgP7RW_S5ycgB92wI', '01a2268d-87f8-76d1-affa-4f63ee3bd90c', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 20, 'VZtsOfZwRsvKcBbswrhK6Wj0AV0pY__tOfsVq_dH6PM', '01a2268d-87f8-76d1-affa-4f63ee3bd90c', 1, 'foetal-death', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjowLCJhcGdhcl81IjowLCJhdHRlbmRhbnQiOiJkb2N0b3IiLCJkYXRlIjoiMjAyNi0xMS0yNyIsImRlbGl2ZXJ5IjoidmFnaW5hbCIsImRpc3RyaWN0IjoiVEotS1QtMDEiLCJsZW5ndGgiOjQzMCwicGxhY2UiOiJmYWNpbGl0eSIsInBsdXJhbGl0eSI6MSwidGltZSI6IjE5OjMyIiwid2Vla3MiOjM0LCJ3ZWlnaHQiOjE5NjB9LCJjaGVja2VkIjp7IlMwNCI6InZlcmlmaWVkIn0sImNoaWxkIjp7InNleCI6ImZlbWFsZSJ9LCJmYXRoZXIiOnsiYm9ybiI6eyJub3QiOiJ5ZXQifSwiZ2l2ZW4iOiLQndC10LrRgNOv0LciLCJzdXJuYW1lIjoi0KPRgdC80L7QvdC-0LIifSwiZm9ldGFsX2NhdXNlIjp7Im1haW4iOnsiY29kZSI6IlAyMC4wIiwidGV4dCI6ItCz0LjQv9C-0LrRgdC40Y_QuCDQtNC-0YXQuNC70LjQsdCw0YLQvdOjIn0sIm1hdGVybmFsIjp7ImNvZGUiOiJQMDAuMCIsInRleHQiOiLRhNC40YjQvtGA0Lgg0LHQsNC70LDQvdC00Lgg0LzQvtC00LDRgCJ9fSwiZm9ldHVzIjp7ImRpZWRfd2hlbiI6eyJub3QiOiJ5ZXQifSwic2lnbnNfb2ZfbGlmZSI6Im5vbmUifSwibW90aGVyIjp7ImFyZWEiOiJydXJhbCIsImJvcm4iOiIxOTkwLTAzLTE0IiwiZGlzdHJpY3QiOiJUSi1LVC0wNyIsImRvY3VtZW50Ijoi0JAgMDczMzQ1MTkiLCJnaXZlbiI6ItCc0LDQu9C40LrQsCIsImxpdmVfYmlydGhzX2JlZm9yZSI6MiwibWFycmlhZ2UiOiJyZWdpc3RlcmVkIiwic3VybmFtZSI6ItCj0YHQvNC-0L3QvtCy0LAifSwib2ZmaWNlIjoiVEotS1QtMDEifSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtODdmOC03NmQxLWFmZmEtNGY2M2VlM2JkOTBjIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtODdmOC03NmQxLWFmZmEtNGY2M2VlM2JkOTBjIiwicHJldiI6IlZadHNPZlp3UnN2S2NCYnN3cmhLNldqMEFWMHBZX190T2ZzVnFfZEg2UE0iLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjM5LjMyMDgzNzY3NiswNTowMCIsInJldiI6MSwicm9sZSI6ImRvY3RvciIsInNlcSI6MjAsInQiOiJmb2V0YWwtZGVhdGgiLCJ1c3IiOiJmaXJ1eiIsInYiOjF9.YGmcD67aspiDo-LO_KtMJR5vVcsRrWdaDypEGP9Am8GTYzOr7CwLM7c7Uv7-p7SbjwkZCaJwUk0gkD9odBA1AQ', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-F-000001","office":"TJ-KT-01","open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (23, 'ilselsg2tPQZ81FTDb_Mwm7fbMPTnjz-Aqw0XjyBH1Y', '01a2268d-895b-72c9-9ce5-f63242090b27', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 24, 'lquHMp5D5H-5Qb0nTJh9xyoKNs-dhgpFYpeBkQm4SR4', '01a2268d-882a-74e0-9628-01c2e49fe754', 1, 'void', 'TJ-KT-BOX-01', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', 1, 1795943139928, 'eyJhbGciOiJFZERTQSIsImtpZCI6IkdSaWVINmZaVDBlTUlNREZEclEzdk1ld21UN2R1MHpJTVZNWmNKejdmQXciLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6e30sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg5NWItNzJjOS05Y2U1LWY2MzI0MjA5MGIyNyIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg4MmEtNzRlMC05NjI4LTAxYzJlNDlmZTc1NCIsInByZXYiOiJscXVITXA1RDVILTVRYjBuVEpoOXh5b0tOcy1kaGdwRllwZUJrUW00U1I0IiwicmVhc29uIjp7ImNvZGUiOiJ0d2ljZSIsInRleHQiOiLQtNGDINCx0L7RgCDQvdCw0LLQuNGI0YLQsCDRiNGD0LQifSwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOS42NzU2Njc1MzErMDU6MDAiLCJyZWYiOnsiaCI6IlMxSlQxb0RQbFR3UnZsekluUnMtWkpicl9RVHkzZWNyWG5mNk54cDloR1UiLCJuaWQiOiIwMWEyMjY4ZC04ODJhLTc0ZTAtOTYyOC0wMWMyZTQ5ZmU3NTQiLCJyZXYiOjF9LCJyZXYiOjEsInJvbGUiOiJtaWR3aWZlIiwic2VxIjoyNCwidCI6InZvaWQiLCJ1c3IiOiJtZWhyaSIsInYiOjF9.YtnBHgoJvoXWoBG-HwqBFn8YsPaZAorAelxmlRkVtpoDKYInOmO3okD0LGni7hi54oOfIvLp7Q1PI9ZDsL2RAA', 'voided', '{"status":"voided","by":"auto","reg_no":"TJ-KT-01-2026-B-000005","office":"TJ-KT-01","open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (3, 'nXmtq21ZYjkUjOlwZkc8xSGHlXWPgxjNNp2YWZ9lMV0', '01a2268d-8421-7780-83d7-70ce7ce2c06d', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 3, 'Vq5o3R9Surc6JoP95-Hs5QbDnZVpR-v1tC0BFrraDq0', '01a2268d-8421-7780-83d7-70ce7ce2c06d', 1, 'key', 'TJ-KT-BOX-01', 'nkPFXoYZfQaZHL5ChgGLJN1Po-9A7XU3kVynJpuTCro', 1, 1795943138399, 'eyJhbGciOiJFZERTQSIsImtpZCI6Im5rUEZYb1laZlFhWkhMNUNoZ0dMSk4xUG8tOUE3WFUza1Z5bkpwdVRDcm8iLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJoZWFyZCI6MCwia2lkIjoiWDZVUmhfeFB4azM4cDkzRUR5Z3FMR1ladmVma1hmX2dpbnQxdHFobV8zdyIsInVzciI6Imd1bG5vciIsIndoYXQiOiJyZXN1bWVkIn0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg0MjEtNzc4MC04M2Q3LTcwY2U3Y2UyYzA2ZCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg0MjEtNzc4MC04M2Q3LTcwY2U3Y2UyYzA2ZCIsInByZXYiOiJWcTVvM1I5U3VyYzZKb1A5NS1IczVRYkRuWlZwUi12MXRDMEJGcnJhRHEwIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOC4zMzczODE1ODMrMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJhZG1pbmlzdHJhdG9yIiwic2VxIjozLCJ0Ijoia2V5IiwidXNyIjoibmlnb3JhIiwidiI6MX0.d3l7pETAKPoxTM3h-W7CTZbIta1yykvwsEFOALDha5PTUH4New39XZjHwXuzBb4im2f8Et_MDGk0NxzzVrvdDQ', 'received', '{"status":"received","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (5, 'X3AFunTOA9fLxW_1jj1RWVfsITeBKxE0meJI50s5Nlc', '01a2268d-84c2-710e-ab86-c04cf6ef6726', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 5, 'RDQ-VoWYz1itqO4SV-fWHZgqV9twMjqvu3caDcmBeAs', '01a2268d-84c2-710e-ab86-c04cf6ef6726', 1, 'key', 'TJ-KT-BOX-01', 'nkPFXoYZfQaZHL5ChgGLJN1Po-9A7XU3kVynJpuTCro', 1, 1795943138636, 'eyJhbGciOiJFZERTQSIsImtpZCI6Im5rUEZYb1laZlFhWkhMNUNoZ0dMSk4xUG8tOUE3WFUza1Z5bkpwdVRDcm8iLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJyZXF1ZXN0IjoiZXlKaGJHY2lPaUpGWkVSVFFTSXNJbXRwWkNJNkltNXJVRVpZYjFsYVpsRmhXa2hNTlVOb1owZE1TazR4VUc4dE9VRTNXRlV6YTFaNWJrcHdkVlJEY204aUxDSjBlWEFpT2lKdloyOW9MV1Z1Y205c0sycDNjeUo5LmV5SnlaWEVpT2lKbGVVcG9Za2RqYVU5cFNrWmFSVkpVVVZOSmMwbHRkSEJhUTBrMlNXNUZNRk5IUlROa2F6bEdXREJGZEZGWFNuZFZXSEJ1V0RGc1RGVjZiRWxSVmtwSFZGZEdiV1F5Y0dsV2ExSXlVbGhTUzA0d05XRmlSa1ZwVEVOS01HVllRV2xQYVVwMldqSTViMHhYVm5WamJUbHpTekp3TTJONVNqa3VaWGxLYUdSRFNUWkpha2wzVFdwWmRFMVVSWFJOYW14VlRWUlJOazFFVlRaTmVtZDFUa1JqTkU5RVFYZE9SR3MwUzNwQk1VOXFRWGRKYVhkcFdtMUdha2xxYjJsV1JXOTBVekZSZEZGck9WbE1WRUY0U1dsM2FXSnRSblJhVTBrMlNYUkxVekJNUkZKb1RrZEVNRmxFVVhaMFEzbEpUa05xTUV4NlVYUmtRekJKYVhkcFkyMDVjMXBUU1RaSmJWcHNZa2RTZW1GSFZubEphWGRwWkZoT2VVbHFiMmxrVnpGc1drTkpjMGx1V1dsUGFrVnpTVzVrYjFsWVVXbFBhVXAzV2xoS2VtSXlOR2xNUTBvMFNXcHZhVlF5U25KamVteEpZMFpHVmxaWGRGQk9WRkl6WVVob2RGbFdiRUpaVXpGT1lsUm9UR0Y2UW5kV1JWbDVVMWMxZFZVeVkzbFJNMFpFWVhsS09TNUVTV0kxWjJWek5EZzNhazFLZGxsTVIyazFXV0ZMWVZGZlgyTlJiVzVPY0ROQllqSTRaVzVsV1ZGWk0xbExkRkJDWkhaYVZFeGFWVWcxUXpWUFkxUlpSR1p4YlV3eWNGQjFhMGxuWTNFelZuTnRNWGRCUVNJc0luWWlPakY5Lk9Bc1BXVTc3LWJIbF9keFBHOEVOek1xckxXUHQ5cThRMTMycjRrYTlDWDdUU3d4aWlTMG50dk9FOU9tQkdLTHBfRkg0b1ctTWg0LUVzUmQwMWNUeUJBIiwidXNyIjoidW1lZCIsIndoYXQiOiJuZXcifSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtODRjMi03MTBlLWFiODYtYzA0Y2Y2ZWY2NzI2IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtODRjMi03MTBlLWFiODYtYzA0Y2Y2ZWY2NzI2IiwicHJldiI6IlJEUS1Wb1dZejFpdHFPNFNWLWZXSFpncVY5dHdNanF2dTNjYURjbUJlQXMiLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjM4LjQ3ODgwMDQ5OCswNTowMCIsInJldiI6MSwicm9sZSI6ImFkbWluaXN0cmF0b3IiLCJzZXEiOjUsInQiOiJrZXkiLCJ1c3IiOiJuaWdvcmEiLCJ2IjoxfQ.CnlvehJ86A4ECxS4oshJbZ_sPX-lOjHgfr00F4K9UAMKINU9iaJ2kOTMFoighYKjaR0NDXKB4MSUFpZ8bld9BA', 'received', '{"status":"received","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (26, 'lquHMp5D5H-5Qb0nTJh9xyoKNs-dhgpFYpeBkQm4SR4', '01a2268d-8903-744c-8687-30f90032bcd4', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 23, 'B1goCr6diZ18VzUeg4LhWymCIlP1xfp9iKKcpYc_21c', '01a2268d-84e1-766e-8db0-a4a92c3acbe2', 2, 'amend', 'TJ-KT-BOX-01', 'KHSKjFR44TcKAmuBcNx-oneYk4n5L1L67eS3BJISwl4', 1, 1795943139928, 'eyJhbGciOiJFZERTQSIsImtpZCI6IktIU0tqRlI0NFRjS0FtdUJjTngtb25lWWs0bjVMMUw2N2VTM0JKSVN3bDQiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjciLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIwMzoxMiIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hpbGQiOnsiZ2l2ZW4iOiLQpNCw0YDQuNC00YPQvSIsInNleCI6Im1hbGUiLCJzdXJuYW1lIjoi0KDQsNKz0LjQvNC30L7QtNCwIn0sImZhdGhlciI6eyJib3JuIjoiMTk5MC0wNi0yNyIsImdpdmVuIjoi0JjRgdC80L7QuNC7Iiwic3VybmFtZSI6ItCg0LDSs9C40LzQt9C-0LTQsCJ9LCJtb3RoZXIiOnsiYm9ybiI6IjE5OTgtMDQtMTciLCJkaXN0cmljdCI6IlRKLUtULTA3IiwiZG9jdW1lbnQiOiLQkCAwMTQxMDAyNyIsImdpdmVuIjoi0KHQsNGA0LLQuNC90L7QtyIsImxpdmVfYmlydGhzX2JlZm9yZSI6MSwibWFycmlhZ2UiOiJyZWdpc3RlcmVkIiwicGhvbmUiOiIrOTkyOTE4MTA1OTUxIiwic3VybmFtZSI6ItCg0LDSs9C40LzQt9C-0LTQsCJ9LCJvZmZpY2UiOiJUSi1LVC0wMSJ9LCJjbGsiOiJzeW5jZWQiLCJkZXYiOiJtcEkxLTYzNFZ4NzRyekZWWTl3VlR5QWFMMW9PYm81Yk5xcVhwaFFjYmVJIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaWQiOiIwMWEyMjY4ZC04OTAzLTc0NGMtODY4Ny0zMGY5MDAzMmJjZDQiLCJqaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI5YzU5ZmJmODUiLCJuaWQiOiIwMWEyMjY4ZC04NGUxLTc2NmUtOGRiMC1hNGE5MmMzYWNiZTIiLCJwcmV2IjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInJlYXNvbiI6eyJjb2RlIjoibmFtZWQifSwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOS41ODc1NzM0MDArMDU6MDAiLCJyZWYiOnsiaCI6Im1WUU1fM21LajhUSEJHbjNqYTVrdjlpRlJJYUN0Wlp6NGRaZWhRWXRRS0kiLCJuaWQiOiIwMWEyMjY4ZC04NGUxLTc2NmUtOGRiMC1hNGE5MmMzYWNiZTIiLCJyZXYiOjF9LCJyZXYiOjIsInJvbGUiOiJjbGVyayIsInNlcSI6MjMsInQiOiJhbWVuZCIsInVzciI6ImRhZnRhciIsInYiOjF9.4rtfVsVVrIqJetKcZADxMqq4S00OoTPqfcxoeBeFRqRlLNuPWXelyiJxRfzbvszpN1a4G6SIFq42xj5WklhOCA', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-B-000001","office":"TJ-KT-01","open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (27, 'T5wzHchoUwp0Q7SvQxHVdYyDye_PtrjIv9mV1ZOfozg', '01a2268d-8a0f-7051-b9fe-1ecfb23412d4', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 27, '6Yk3IrUfY2T6h7ziLaTvOjANjdLq8sj3vuZKBpzfo4o', '01a2268d-8a0f-7051-b9fe-1ecfb23412d4', 1, 'tally', 'TJ-KT-BOX-01', 'WG9WE5h23Kx2XzxczBFlvy02ly-uvVpJ56mK5rP8g28', 1, 1795943139928, 'eyJhbGciOiJFZERTQSIsImtpZCI6IldHOVdFNWgyM0t4Mlh6eGN6QkZsdnkwMmx5LXV2VnBKNTZtSzVyUDhnMjgiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aHMiOjAsImRlYXRocyI6MCwiZm9ldGFsX2RlYXRocyI6MCwibW9udGgiOiIyMDI2LTEwIn0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLThhMGYtNzA1MS1iOWZlLTFlY2ZiMjM0MTJkNCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLThhMGYtNzA1MS1iOWZlLTFlY2ZiMjM0MTJkNCIsInByZXYiOiI2WWszSXJVZlkyVDZoN3ppTGFUdk9qQU5qZExxOHNqM3Z1WktCcHpmbzRvIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOS44NTU2NjI3MTIrMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJzaGlmdC1oZWFkIiwic2VxIjoyNywidCI6InRhbGx5IiwidXNyIjoic2FkYmFyZyIsInYiOjF9.i24RGsiEEjM9GHt9K8syAx3jchFW32yBEX62CQUf_v_KNf2ViXmRybmWR0_naZg9Ja-BG3KjY4oK0xxd-oxwDA', 'received', '{"status":"received","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (28, 'AAQFmp6TiO2fQ5FZm33OIT9_efCPWsBhiajlsQdn02M', '01a2268d-8a4a-74ec-923e-b33c54eb8444', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 28, 'T5wzHchoUwp0Q7SvQxHVdYyDye_PtrjIv9mV1ZOfozg', '01a2268d-8a0f-7051-b9fe-1ecfb23412d4', 2, 'tally', 'TJ-KT-BOX-01', 'WG9WE5h23Kx2XzxczBFlvy02ly-uvVpJ56mK5rP8g28', 1, 1795943139928, 'eyJhbGciOiJFZERTQSIsImtpZCI6IldHOVdFNWgyM0t4Mlh6eGN6QkZsdnkwMmx5LXV2VnBKNTZtSzVyUDhnMjgiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aHMiOjEsImRlYXRocyI6MCwiZm9ldGFsX2RlYXRocyI6MCwibW9udGgiOiIyMDI2LTEwIn0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLThhNGEtNzRlYy05MjNlLWIzM2M1NGViODQ0NCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLThhMGYtNzA1MS1iOWZlLTFlY2ZiMjM0MTJkNCIsInByZXYiOiJUNXd6SGNob1V3cDBRN1N2UXhIVmRZeUR5ZV9QdHJqSXY5bVYxWk9mb3pnIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOS45MTQ2OTIyMDQrMDU6MDAiLCJyZXYiOjIsInJvbGUiOiJzaGlmdC1oZWFkIiwic2VxIjoyOCwidCI6InRhbGx5IiwidXNyIjoic2FkYmFyZyIsInYiOjF9._G0gUDToPxbM2AE3l3DFSiZIRiRcrLocaEJfr1AbczdmTNNhZ36_Nwe6ij8liapjDmM7Jx2jCnJKMdFy-qs3BQ', 'received', '{"status":"received","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (6, 'mVQM_3mKj8THBGn3ja5kv9iFRIaCtZZz4dZehQYtQKI', '01a2268d-84e1-766e-8db0-a4a92c3acbe2', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 6, 'X3AFunTOA9fLxW_1jj1RWVfsITeBKxE0meJI50s5Nlc', '01a2268d-84e1-766e-8db0-a4a92c3acbe2', 1, 'birth', 'TJ-KT-BOX-01', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', 1, 1795943138636, 'eyJhbGciOiJFZERTQSIsImtpZCI6IkdSaWVINmZaVDBlTUlNREZEclEzdk1ld21UN2R1MHpJTVZNWmNKejdmQXciLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjciLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIwMzoxMiIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hpbGQiOnsiZ2l2ZW4iOnsibm90IjoieWV0In0sInNleCI6Im1hbGUifSwiZmF0aGVyIjp7ImJvcm4iOiIxOTkwLTA2LTI3IiwiZ2l2ZW4iOiLQmNGB0LzQvtC40LsiLCJzdXJuYW1lIjoi0KDQsNKz0LjQvNC30L7QtNCwIn0sIm1vdGhlciI6eyJib3JuIjoiMTk5OC0wNC0xNyIsImRpc3RyaWN0IjoiVEotS1QtMDciLCJkb2N1bWVudCI6ItCQIDAxNDEwMDI3IiwiZ2l2ZW4iOiLQodCw0YDQstC40L3QvtC3IiwibGl2ZV9iaXJ0aHNfYmVmb3JlIjoxLCJtYXJyaWFnZSI6InJlZ2lzdGVyZWQiLCJwaG9uZSI6Iis5OTI5MTgxMDU5NTEiLCJzdXJuYW1lIjoi0KDQsNKz0LjQvNC30L7QtNCwIn0sIm9mZmljZSI6IlRKLUtULTAxIn0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg0ZTEtNzY2ZS04ZGIwLWE0YTkyYzNhY2JlMiIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg0ZTEtNzY2ZS04ZGIwLWE0YTkyYzNhY2JlMiIsInByZXYiOiJYM0FGdW5UT0E5Zkx4V18xamoxUldWZnNJVGVCS3hFMG1lSkk1MHM1TmxjIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOC41Mjk1OTcwNjArMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJtaWR3aWZlIiwic2VxIjo2LCJ0IjoiYmlydGgiLCJ1c3IiOiJtZWhyaSIsInYiOjF9.7w4INRm6Cml32FO8VPSaiS2CcMEbJJTy-_5xAwR5orTFghsGUgoS8qFp3SEgBAix89m87laAXmrTEKJjfZldAw', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-B-000001","office":"TJ-KT-01","open":["name"],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (8, 'ty9yGIFa1leOtGWLYZrgdy3ibxebG66Df6a0QF6Jq94', '01a2268d-8521-753f-bc92-7336b440bd68', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 8, '_3nwUNK7T2YluuMwUW1QJMg7kvtpd38Tt9fADPzDHfw', '01a2268d-8521-753f-bc92-7336b440bd68', 1, 'birth', 'TJ-KT-BOX-01', 'vjf8PJJPccVeysTCZLQiX-7-sTJN6dCx6y8S9KgbTs8', 1, 1795943138636, 'eyJhbGciOiJFZERTQSIsImtpZCI6InZqZjhQSkpQY2NWZXlzVENaTFFpWC03LXNUSk42ZEN4Nnk4UzlLZ2JUczgiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIxMToxNSIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hpbGQiOnsiZ2l2ZW4iOnsibm90IjoieWV0In0sInNleCI6Im1hbGUifSwiZmF0aGVyIjp7ImJvcm4iOiIxOTg4LTA0LTA0IiwiZ2l2ZW4iOiLQodOv0rPRgNC-0LEiLCJzdXJuYW1lIjoi0JfQvtC40YDQvtCyIn0sIm1vdGhlciI6eyJib3JuIjoiMTk5NC0wNi0yMiIsImRpc3RyaWN0IjoiVEotS1QtMDciLCJkb2N1bWVudCI6ItCQIDAxNDEwMjMwIiwiZ2l2ZW4iOiLQndC40LvRg9GE0LDRgCIsImxpdmVfYmlydGhzX2JlZm9yZSI6MSwibWFycmlhZ2UiOiJyZWdpc3RlcmVkIiwicGhvbmUiOiIrOTkyOTE4OTg5NjUzIiwic3VybmFtZSI6ItCX0L7QuNGA0L7QstCwIn0sIm9mZmljZSI6IlRKLUtULTAxIn0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg1MjEtNzUzZi1iYzkyLTczMzZiNDQwYmQ2OCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg1MjEtNzUzZi1iYzkyLTczMzZiNDQwYmQ2OCIsInByZXYiOiJfM253VU5LN1QyWWx1dU13VVcxUUpNZzdrdnRwZDM4VHQ5ZkFEUHpESGZ3IiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOC41OTM4OTYxMjErMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJkb2N0b3IiLCJzZXEiOjgsInQiOiJiaXJ0aCIsInVzciI6InphcmluYSIsInYiOjF9.EJDYuGJxtTXSNOR5yCb5xQLrfT0ZfdwePQZbOsM3YaeFuJ_UT3reddDRVMQIksvq1a--LD4TnpbVGOAAXpwuAA', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-B-000003","office":"TJ-KT-01","open":["name"],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (7, '_3nwUNK7T2YluuMwUW1QJMg7kvtpd38Tt9fADPzDHfw', '01a2268d-8502-72c6-a14e-f550292ff11d', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 7, 'mVQM_3mKj8THBGn3ja5kv9iFRIaCtZZz4dZehQYtQKI', '01a2268d-8502-72c6-a14e-f550292ff11d', 1, 'birth', 'TJ-KT-BOX-01', 'X6URh_xPxk38p93EDygqLGYZvefkXf_gint1tqhm_3w', 1, 1795943138636, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ilg2VVJoX3hQeGszOHA5M0VEeWdxTEdZWnZlZmtYZl9naW50MXRxaG1fM3ciLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIwNTo0MCIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hpbGQiOnsiZ2l2ZW4iOnsibm90IjoieWV0In0sInNleCI6ImZlbWFsZSJ9LCJmYXRoZXIiOnsiYm9ybiI6IjE5OTItMDgtMjMiLCJnaXZlbiI6ItCh06_Ss9GA0L7QsSIsInN1cm5hbWUiOiLQkdC-0LHQvtC10LIifSwibW90aGVyIjp7ImJvcm4iOiIxOTk5LTEyLTAxIiwiZGlzdHJpY3QiOiJUSi1LVC0wNyIsImRvY3VtZW50Ijoi0JAgMDE0MTAxMDEiLCJnaXZlbiI6ItCc0LDQstC30YPQvdCwIiwibGl2ZV9iaXJ0aHNfYmVmb3JlIjoxLCJtYXJyaWFnZSI6InJlZ2lzdGVyZWQiLCJwaG9uZSI6Iis5OTI5MTgyMTU3OTciLCJzdXJuYW1lIjoi0JHQvtCx0L7QtdCy0LAifSwib2ZmaWNlIjoiVEotS1QtMDEifSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtODUwMi03MmM2LWExNGUtZjU1MDI5MmZmMTFkIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtODUwMi03MmM2LWExNGUtZjU1MDI5MmZmMTFkIiwicHJldiI6Im1WUU1fM21LajhUSEJHbjNqYTVrdjlpRlJJYUN0Wlp6NGRaZWhRWXRRS0kiLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjM4LjU2MjUyNjU2NCswNTowMCIsInJldiI6MSwicm9sZSI6Im1pZHdpZmUiLCJzZXEiOjcsInQiOiJiaXJ0aCIsInVzciI6Imd1bG5vciIsInYiOjF9.ZmW_TNFxAiXLuMtwtMv_inS8OedRgk5YGQLkM3MpdmCRQHBPPPOB_KmJwDmoSqp5_PiFDh-WrCL_UieoHK6tBw', 'certificate-issued', '{"status":"certificate-issued","by":"registrar","reg_no":"TJ-KT-01-2026-B-000002","office":"TJ-KT-01","open":[],"dup_of":null,"problem":null,"cert":"2026-11-29"}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (9, 'cvD0To94X5s5JIpcb4BL02kVFrXNnGZLPQa0O33x48M', '01a2268d-8540-763c-b7da-85aac1c1368d', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 9, 'ty9yGIFa1leOtGWLYZrgdy3ibxebG66Df6a0QF6Jq94', '01a2268d-8540-763c-b7da-85aac1c1368d', 1, 'birth', 'TJ-KT-BOX-01', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', 1, 1795943138636, 'eyJhbGciOiJFZERTQSIsImtpZCI6IkdSaWVINmZaVDBlTUlNREZEclEzdk1ld21UN2R1MHpJTVZNWmNKejdmQXciLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIxMjozMSIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hpbGQiOnsiZ2l2ZW4iOnsibm90IjoieWV0In0sInNleCI6ImZlbWFsZSJ9LCJmYXRoZXIiOnsiYm9ybiI6IjE5ODUtMDEtMTYiLCJnaXZlbiI6ItCU0LDQu9C10YAiLCJzdXJuYW1lIjoi0J7Qu9C40LzQvtCyIn0sIm1vdGhlciI6eyJib3JuIjoiMjAwMC0wMi0yOSIsImRpc3RyaWN0IjoiVEotS1QtMDciLCJkb2N1bWVudCI6ItCQIDAxNDEwMzQ0IiwiZ2l2ZW4iOiLQoNGD0YXRiNC-0L3QsCIsImxpdmVfYmlydGhzX2JlZm9yZSI6MSwibWFycmlhZ2UiOiJyZWdpc3RlcmVkIiwicGhvbmUiOiIrOTkyOTE4ODcwODY4Iiwic3VybmFtZSI6ItCe0LvQuNC80L7QstCwIn0sIm9mZmljZSI6IlRKLUtULTAxIn0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg1NDAtNzYzYy1iN2RhLTg1YWFjMWMxMzY4ZCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg1NDAtNzYzYy1iN2RhLTg1YWFjMWMxMzY4ZCIsInByZXYiOiJ0eTl5R0lGYTFsZU90R1dMWVpyZ2R5M2lieGViRzY2RGY2YTBRRjZKcTk0IiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOC42MjQ2MTgyMTMrMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJtaWR3aWZlIiwic2VxIjo5LCJ0IjoiYmlydGgiLCJ1c3IiOiJtZWhyaSIsInYiOjF9.HlHPDLRGvbnG5EXYqxEUOnn6f4FtYxBZ2nHr7QMeO9HwTScaqwCLkmX11BIbmyRmomabWnPC1OwnfDKrAHNyAw', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-B-000004","office":"TJ-KT-01","open":["name"],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (10, 'EL5Nbf2E-K_wGhn-xrLfZCrAZT_HZ9MeNDG9lvlAdCA', '01a2268d-85bc-7594-9809-fe8e8f5346d7', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 10, 'cvD0To94X5s5JIpcb4BL02kVFrXNnGZLPQa0O33x48M', '01a2268d-85bc-7594-9809-fe8e8f5346d7', 1, 'birth', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIxMToxOCIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hlY2tlZCI6eyJDMDgiOiJ2ZXJpZmllZCJ9LCJjaGlsZCI6eyJnaXZlbiI6eyJub3QiOiJ5ZXQifSwic2V4IjoibWFsZSJ9LCJmYXRoZXIiOnsiYm9ybiI6IjE5ODgtMDQtMDQiLCJnaXZlbiI6ItCh06_Ss9GA0L7QsSIsInN1cm5hbWUiOiLQl9C-0LjRgNC-0LIifSwibW90aGVyIjp7ImJvcm4iOiIxOTk0LTA2LTIyIiwiZGlzdHJpY3QiOiJUSi1LVC0wNyIsImRvY3VtZW50Ijoi0JAgMDE0MTAyMzciLCJnaXZlbiI6ItCd0LjQu9GD0YTQsNGAIiwibGl2ZV9iaXJ0aHNfYmVmb3JlIjoxLCJtYXJyaWFnZSI6InJlZ2lzdGVyZWQiLCJwaG9uZSI6Iis5OTI5MTg5ODk2NTMiLCJzdXJuYW1lIjoi0JfQvtC40YDQvtCy0LAifSwib2ZmaWNlIjoiVEotS1QtMDEifSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtODViYy03NTk0LTk4MDktZmU4ZThmNTM0NmQ3IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtODViYy03NTk0LTk4MDktZmU4ZThmNTM0NmQ3IiwicHJldiI6ImN2RDBUbzk0WDVzNUpJcGNiNEJMMDJrVkZyWE5uR1pMUFFhME8zM3g0OE0iLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjM4Ljc0ODEwNTk0NCswNTowMCIsInJldiI6MSwicm9sZSI6ImRvY3RvciIsInNlcSI6MTAsInQiOiJiaXJ0aCIsInVzciI6ImZpcnV6IiwidiI6MX0.jPB26b-ZmfjO7Cx3WUEGd3ueYd_RvefodlG1Sqoaat3FAuo1BWWTtn5h_wXIZ4FR-pL8-IgpD1hL5Db8y2zoBA', 'held', '{"status":"held","by":"auto","reg_no":null,"office":"TJ-KT-01","open":[],"dup_of":"01a2268d-8521-753f-bc92-7336b440bd68","problem":{"code":"look-alike","text":{"en":"It may be the same event as another notification. A registrar compares them.","ru":"Возможно, это то же событие, что и в другом уведомлении. Их сравнит сотрудник ЗАГСа.","tg":"Шояд ин ҳамон ҳодисае бошад, ки дар огоҳиномаи дигар ҳаст. Корманди САҲШ онҳоро муқоиса мекунад."}},"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (12, 'ZZZyEwpsrf2p4CRZQUtPZXfAAJdljaPSlTHZ8Cd-rwY', '01a2268d-864d-7768-9b52-3d10c75652ab', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 12, 'eQHyELzU7w4smcMd41fvy4vX6qc-jttc_qASVn2szMA', '01a2268d-864d-7768-9b52-3d10c75652ab', 1, 'death', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJhdXRvcHN5Ijp7InJlcXVlc3RlZCI6Im5vIn0sImNhdXNlIjp7ImEiOnsiY29kZSI6IlMwNi4yIiwiaW50ZXJ2YWwiOiJQVDNIIiwidGV4dCI6ItCj0YjQuNCxINCz0L7Qu9C-0LLQvdC-0LPQviDQvNC-0LfQs9CwIn0sImIiOnsiY29kZSI6IlYwMy4xIiwiaW50ZXJ2YWwiOiJQVDNIIiwidGV4dCI6ItCf0LXRiNC10YXQvtC0LCDRgdCx0LjRgtGL0Lkg0LvQtdCz0LrQvtCy0YvQvCDQsNCy0YLQvtC80L7QsdC40LvQtdC8In0sImxhbmciOiJydSJ9LCJkZWF0aCI6eyJjZXJ0aWZpY2F0ZSI6ImZpbmFsIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibWFubmVyIjoiYWNjaWRlbnQiLCJwbGFjZSI6ImZhY2lsaXR5IiwidGltZSI6IjA0OjA1In0sImRlY2Vhc2VkIjp7ImJvcm4iOiIxOTg0LTAzLTEwIiwiZGlzdHJpY3QiOiJUSi1LVC0wMSIsImRvY3VtZW50Ijoi0JAgMTYwMDM0NTEiLCJnaXZlbiI6ItCh0LDQuNC00LzRg9GA0L7QtCIsInNleCI6Im1hbGUiLCJzdXJuYW1lIjoi0J3QsNC30LDRgNC-0LIifSwiZXh0ZXJuYWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkZXNjcmlwdGlvbiI6ItCh0LHQuNGCINCw0LLRgtC-0LzQvtCx0LjQu9C10Lwg0L3QsCDQv9C10YDQtdGF0L7QtNC1IiwicGxhY2UiOiJzdHJlZXQiLCJ0aW1lIjoiMDE6MTAifSwib2ZmaWNlIjoiVEotS1QtMDEiLCJzdXJnZXJ5Ijp7InBlcmZvcm1lZCI6Im5vIn19LCJjbGsiOiJzeW5jZWQiLCJkZXYiOiJtcEkxLTYzNFZ4NzRyekZWWTl3VlR5QWFMMW9PYm81Yk5xcVhwaFFjYmVJIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaWQiOiIwMWEyMjY4ZC04NjRkLTc3NjgtOWI1Mi0zZDEwYzc1NjUyYWIiLCJqaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI5YzU5ZmJmODUiLCJuaWQiOiIwMWEyMjY4ZC04NjRkLTc3NjgtOWI1Mi0zZDEwYzc1NjUyYWIiLCJwcmV2IjoiZVFIeUVMelU3dzRzbWNNZDQxZnZ5NHZYNnFjLWp0dGNfcUFTVm4yc3pNQSIsInJlYyI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguODkzMTk3Nzc2KzA1OjAwIiwicmV2IjoxLCJyb2xlIjoiZG9jdG9yIiwic2VxIjoxMiwidCI6ImRlYXRoIiwidXNyIjoiZmlydXoiLCJ2IjoxfQ.BKOykMhdOg47Hhka4_RN6PKF3AYqydgqphK1MMfmda3hyL547tqD74VufColV1PLagmmObDOJv0h_nTMY4RJDw', 'held', '{"status":"held","by":"auto","reg_no":null,"office":"TJ-KT-01","open":[],"dup_of":null,"problem":{"code":"violent-death","text":{"en":"A violent death without police number and forensic expert: a registrar decides.","ru":"Насильственная смерть без номера милиции и без судебно-медицинского эксперта: решает сотрудник ЗАГСа.","tg":"Вафоти зӯроварона бе рақами милитсия ва коршиноси тиббии судӣ: корманди САҲШ қарор мекунад."}},"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (13, 'J2n_SHKKWwcI9WiM-PertQYgUv_r6fCbmqfeGywxLEw', '01a2268d-867a-73e8-acdc-dcd1f1245f53', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 13, 'ZZZyEwpsrf2p4CRZQUtPZXfAAJdljaPSlTHZ8Cd-rwY', '01a2268d-867a-73e8-acdc-dcd1f1245f53', 1, 'death', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJhdXRvcHN5Ijp7InJlcXVlc3RlZCI6Im5vIn0sImNhdXNlIjp7ImEiOnsiY29kZSI6IlMwNi4yIiwiaW50ZXJ2YWwiOiJQVDNIIiwidGV4dCI6ItCj0YjQuNCxINCz0L7Qu9C-0LLQvdC-0LPQviDQvNC-0LfQs9CwIn0sImIiOnsiY29kZSI6IlYwMy4xIiwiaW50ZXJ2YWwiOiJQVDNIIiwidGV4dCI6ItCf0LXRiNC10YXQvtC0LCDRgdCx0LjRgtGL0Lkg0LvQtdCz0LrQvtCy0YvQvCDQsNCy0YLQvtC80L7QsdC40LvQtdC8In0sImxhbmciOiJydSJ9LCJkZWF0aCI6eyJjZXJ0aWZpY2F0ZSI6ImZpbmFsIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibWFubmVyIjoiYWNjaWRlbnQiLCJwbGFjZSI6ImZhY2lsaXR5IiwidGltZSI6IjA0OjA1In0sImRlY2Vhc2VkIjp7ImJvcm4iOiIxOTc5LTExLTIzIiwiZGlzdHJpY3QiOiJUSi1LVC0wMSIsImRvY3VtZW50Ijoi0JAgMTYwMDM0NTIiLCJnaXZlbiI6ItCa0LDRgNC40LwiLCJzZXgiOiJtYWxlIiwic3VybmFtZSI6ItCk0LDQudC30L7QsiJ9LCJleHRlcm5hbCI6eyJkYXRlIjoiMjAyNi0xMS0yOCIsImRlc2NyaXB0aW9uIjoi0KHQsdC40YIg0LDQstGC0L7QvNC-0LHQuNC70LXQvCDQvdCwINC_0LXRgNC10YXQvtC00LUiLCJwbGFjZSI6InN0cmVldCIsInRpbWUiOiIwMToxMCJ9LCJvZmZpY2UiOiJUSi1LVC0wMSIsInN1cmdlcnkiOnsicGVyZm9ybWVkIjoibm8ifX0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg2N2EtNzNlOC1hY2RjLWRjZDFmMTI0NWY1MyIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg2N2EtNzNlOC1hY2RjLWRjZDFmMTI0NWY1MyIsInByZXYiOiJaWlp5RXdwc3JmMnA0Q1JaUVV0UFpYZkFBSmRsamFQU2xUSFo4Q2QtcndZIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOC45Mzg3OTA3MTgrMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJkb2N0b3IiLCJzZXEiOjEzLCJ0IjoiZGVhdGgiLCJ1c3IiOiJmaXJ1eiIsInYiOjF9.wnoSwMQn3FH0J_4vSESA3vZhrJ7i0b4v-K6fvHePnJIBwAnBR7IjEbPBRwS4A2aU3s9ZGvI8w5By1KWJgjeIDQ', 'held', '{"status":"held","by":"auto","reg_no":null,"office":"TJ-KT-01","open":[],"dup_of":null,"problem":{"code":"violent-death","text":{"en":"A violent death without police number and forensic expert: a registrar decides.","ru":"Насильственная смерть без номера милиции и без судебно-медицинского эксперта: решает сотрудник ЗАГСа.","tg":"Вафоти зӯроварона бе рақами милитсия ва коршиноси тиббии судӣ: корманди САҲШ қарор мекунад."}},"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (15, 'cXmtFA7yWaoYwFAUwf3LeL1Uq0shC7RTRmdt9LoQLtU', '01a2268d-86e5-76ad-b0c1-e2f0e7416809', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 15, '9KEkAs5bfbCLfjfeOVYoROFgTUAKvQwNok64Qsn-N4s', '01a2268d-86e5-76ad-b0c1-e2f0e7416809', 1, 'death', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJhdXRvcHN5Ijp7InJlcXVlc3RlZCI6Im5vIn0sImNhdXNlIjp7ImEiOnsiY29kZSI6Iko4MSIsImludGVydmFsIjoiUFQ2SCIsInRleHQiOiLQktCw0YDQsNC80Lgg0YjRg9GIIn0sImIiOnsiY29kZSI6IkkyMS45IiwiaW50ZXJ2YWwiOiJQMkQiLCJ0ZXh0Ijoi0JjQvdGE0LDRgNC60YLQuCDRiNCw0LTQuNC00Lgg0LzQuNC-0LrQsNGA0LQifSwiYyI6eyJjb2RlIjoiSTI1LjkiLCJpbnRlcnZhbCI6IlA4WSIsInRleHQiOiLQkdC10LzQvtGA0LjQuCDQuNGI0LXQvNC40LrQuNC4INC00LjQuyJ9LCJsYW5nIjoidGciLCJvdGhlciI6eyJjb2RlIjoiRTExLjkiLCJ0ZXh0Ijoi0JTQuNCw0LHQtdGC0Lgg0pvQsNC90LTQuCDQvdCw0LLRitC4IDIifX0sImNoZWNrZWQiOnsiRDA2IjoidmVyaWZpZWQifSwiZGVhdGgiOnsiY2VydGlmaWNhdGUiOiJmaW5hbCIsImRhdGUiOiIyMDI2LTExLTI4IiwiZGlzdHJpY3QiOiJUSi1LVC0wMSIsIm1hbm5lciI6ImRpc2Vhc2UiLCJwbGFjZSI6ImZhY2lsaXR5IiwidGltZSI6IjA0OjA1In0sImRlY2Vhc2VkIjp7ImJvcm4iOiIxOTE0LTAzLTAyIiwiZGlzdHJpY3QiOiJUSi1LVC0wMSIsImRvY3VtZW50Ijoi0JAgMDA5MTczMzYiLCJnaXZlbiI6ItCR0LjQsdC40YXQvtC90YPQvCIsInNleCI6ImZlbWFsZSIsInN1cm5hbWUiOiLQqNCw0YDQuNGE0L7QstCwIn0sIm9mZmljZSI6IlRKLUtULTAxIiwic3VyZ2VyeSI6eyJwZXJmb3JtZWQiOiJubyJ9fSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtODZlNS03NmFkLWIwYzEtZTJmMGU3NDE2ODA5IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtODZlNS03NmFkLWIwYzEtZTJmMGU3NDE2ODA5IiwicHJldiI6IjlLRWtBczViZmJDTGZqZmVPVllvUk9GZ1RVQUt2UXdOb2s2NFFzbi1ONHMiLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjM5LjA0NTU5Mjk5MiswNTowMCIsInJldiI6MSwicm9sZSI6ImRvY3RvciIsInNlcSI6MTUsInQiOiJkZWF0aCIsInVzciI6ImZpcnV6IiwidiI6MX0.t4qDni2Lw_R6ChX4EWAUGuVvSwK7soXuG14xaz6zLN6KM450qwoHDv5wVdjiz4Kym4o_MC_ic0HwFEtb1dAyDg', 'returned', '{"status":"returned","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":{"code":"D06","field":"deceased.born","text":{"en":"An age of 112 is not possible (up to 110 years). Correct the date of birth or the age.","ru":"Возраст 112 невозможен (до 110 лет). Исправьте дату рождения или возраст.","tg":"Синни 112 сол имкон надорад (то 110 сол). Санаи таваллуд ё синну солро ислоҳ кунед."}},"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (16, 'smjuZ_NDsXqLtgR1hRecGfZTnFnpZDkgZrU6g4V34dg', '01a2268d-8707-76ad-bb9c-d99eb969acf8', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 16, 'cXmtFA7yWaoYwFAUwf3LeL1Uq0shC7RTRmdt9LoQLtU', '01a2268d-8707-76ad-bb9c-d99eb969acf8', 1, 'birth', 'TJ-KT-BOX-01', 'q4Ha7vOE_A-AbpQzg_YKS9HARFMafwjbVDvEtJ7NZlQ', 0, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6InE0SGE3dk9FX0EtQWJwUXpnX1lLUzlIQVJGTWFmd2piVkR2RXRKN05abFEiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIwOTowOSIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hpbGQiOnsiZ2l2ZW4iOnsibm90IjoieWV0In0sInNleCI6Im1hbGUifSwiZmF0aGVyIjp7ImJvcm4iOiIxOTkyLTA4LTE3IiwiZ2l2ZW4iOiLQmNGB0LzQvtC40LsiLCJzdXJuYW1lIjoi0KLRg9GA0YHRg9C90L7QsiJ9LCJtb3RoZXIiOnsiYm9ybiI6IjIwMDEtMTAtMTAiLCJkaXN0cmljdCI6IlRKLUtULTA3IiwiZG9jdW1lbnQiOiLQkCAwMTQxMDYwMCIsImdpdmVuIjoi0KHQsNC00LHQsNGA0LMiLCJsaXZlX2JpcnRoc19iZWZvcmUiOjEsIm1hcnJpYWdlIjoicmVnaXN0ZXJlZCIsInBob25lIjoiKzk5MjkxODg5NTI0OSIsInN1cm5hbWUiOiLQotGD0YDRgdGD0L3QvtCy0LAifSwib2ZmaWNlIjoiVEotS1QtMDEifSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtODcwNy03NmFkLWJiOWMtZDk5ZWI5NjlhY2Y4IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtODcwNy03NmFkLWJiOWMtZDk5ZWI5NjlhY2Y4IiwicHJldiI6ImNYbXRGQTd5V2FvWXdGQVV3ZjNMZUwxVXEwc2hDN1JUUm1kdDlMb1FMdFUiLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjM5LjA3OTk1NDYxNyswNTowMCIsInJldiI6MSwicm9sZSI6ImZlbGRzaGVyIiwic2VxIjoxNiwidCI6ImJpcnRoIiwidXNyIjoidW1lZCIsInYiOjF9.xQS8lmmfjjjrBpdnmsKdNQu1Cfl3T2rtmuIa4x4CgERBI1UxoHFjSVXvm0SEzLdbAKygjMECjH6uULocNuiFCg', 'held', '{"status":"held","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":{"code":"key-unconfirmed","text":{"en":"The key of Ғафуров Умед was given by Назарзода Нигора Шарифовна and waits for the registry to confirm it.","ru":"Ключ работника «Ғафуров Умед» выдал(а) Назарзода Нигора Шарифовна; ждёт подтверждения ЗАГСа.","tg":"Калиди Ғафуров Умед-ро Назарзода Нигора Шарифовна додааст; тасдиқи САҲШ интизор аст."}},"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (17, 'Z805mVbNBNtdVkOJ5JVKRxmbfKC8JcKwVCLmsM33ffk', '01a2268d-8726-775f-921f-a23d8fb534b1', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 17, 'smjuZ_NDsXqLtgR1hRecGfZTnFnpZDkgZrU6g4V34dg', '01a2268d-8726-775f-921f-a23d8fb534b1', 1, 'death', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJhdXRvcHN5Ijp7InJlcXVlc3RlZCI6Im5vIn0sImNhdXNlIjp7ImEiOnsiY29kZSI6Iko4MSIsImludGVydmFsIjoiUFQ2SCIsInRleHQiOiLQktCw0YDQsNC80Lgg0YjRg9GIIn0sImIiOnsiY29kZSI6IkkyMS45IiwiaW50ZXJ2YWwiOiJQMkQiLCJ0ZXh0Ijoi0JjQvdGE0LDRgNC60YLQuCDRiNCw0LTQuNC00Lgg0LzQuNC-0LrQsNGA0LQifSwiYyI6eyJjb2RlIjoiSTI1LjkiLCJpbnRlcnZhbCI6IlA4WSIsInRleHQiOiLQkdC10LzQvtGA0LjQuCDQuNGI0LXQvNC40LrQuNC4INC00LjQuyJ9LCJsYW5nIjoidGciLCJvdGhlciI6eyJjb2RlIjoiRTExLjkiLCJ0ZXh0Ijoi0JTQuNCw0LHQtdGC0Lgg0pvQsNC90LTQuCDQvdCw0LLRitC4IDIifX0sImRlYXRoIjp7ImNlcnRpZmljYXRlIjoiZmluYWwiLCJkYXRlIjoiMjAyNi0xMS0yOCIsImRpc3RyaWN0IjoiVEotS1QtMDEiLCJtYW5uZXIiOiJkaXNlYXNlIiwicGxhY2UiOiJmYWNpbGl0eSIsInRpbWUiOiIwNDowNSJ9LCJkZWNlYXNlZCI6eyJib3JuIjoiMTk1MS0wMy0wMiIsImRpc3RyaWN0IjoiVEotS1QtMDEiLCJkb2N1bWVudCI6ItCQIDAwOTE3MzM1IiwiZ2l2ZW4iOiLSmtGD0LTRgNCw0YLRg9C70LvQviIsInNleCI6Im1hbGUiLCJzdXJuYW1lIjoi0pLQsNC90LjQtdCyIn0sIm9mZmljZSI6IlRKLUtULTAxIiwic3VyZ2VyeSI6eyJwZXJmb3JtZWQiOiJubyJ9fSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtODcyNi03NzVmLTkyMWYtYTIzZDhmYjUzNGIxIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtODcyNi03NzVmLTkyMWYtYTIzZDhmYjUzNGIxIiwicHJldiI6InNtanVaX05Ec1hxTHRnUjFoUmVjR2ZaVG5GbnBaRGtnWnJVNmc0VjM0ZGciLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjM5LjExMDQ2MTQ5OCswNTowMCIsInJldiI6MSwicm9sZSI6ImRvY3RvciIsInNlcSI6MTcsInQiOiJkZWF0aCIsInVzciI6ImZpcnV6IiwidiI6MX0.gWuoD5szWSE3rGIEVRgKRyy_lP7SQ2IAV8lplv2oBgQIX9twsLOLNG3C7dIJbhjFKsl_9p_TuNvd-_8tFTe_Cw', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-D-000001","office":"TJ-KT-01","open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (14, '9KEkAs5bfbCLfjfeOVYoROFgTUAKvQwNok64Qsn-N4s', '01a2268d-86a3-75d4-96b8-eea4f700a189', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 14, 'J2n_SHKKWwcI9WiM-PertQYgUv_r6fCbmqfeGywxLEw', '01a2268d-86a3-75d4-96b8-eea4f700a189', 1, 'death', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJhdXRvcHN5Ijp7InJlcXVlc3RlZCI6Im5vIn0sImNhdXNlIjp7ImEiOnsiY29kZSI6IlMwNi4yIiwiaW50ZXJ2YWwiOiJQVDNIIiwidGV4dCI6ItCj0YjQuNCxINCz0L7Qu9C-0LLQvdC-0LPQviDQvNC-0LfQs9CwIn0sImIiOnsiY29kZSI6IlYwMy4xIiwiaW50ZXJ2YWwiOiJQVDNIIiwidGV4dCI6ItCf0LXRiNC10YXQvtC0LCDRgdCx0LjRgtGL0Lkg0LvQtdCz0LrQvtCy0YvQvCDQsNCy0YLQvtC80L7QsdC40LvQtdC8In0sImxhbmciOiJydSJ9LCJkZWF0aCI6eyJjZXJ0aWZpY2F0ZSI6ImZpbmFsIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibWFubmVyIjoiYWNjaWRlbnQiLCJwbGFjZSI6ImZhY2lsaXR5IiwidGltZSI6IjA0OjA1In0sImRlY2Vhc2VkIjp7ImJvcm4iOiIxOTkwLTAxLTA1IiwiZGlzdHJpY3QiOiJUSi1LVC0wMSIsImRvY3VtZW50Ijoi0JAgMTYwMDM0NTMiLCJnaXZlbiI6ItCY0YHQutCw0L3QtNCw0YAiLCJzZXgiOiJtYWxlIiwic3VybmFtZSI6ItCa0LDRgNC40LzQvtCyIn0sImV4dGVybmFsIjp7ImRhdGUiOiIyMDI2LTExLTI4IiwiZGVzY3JpcHRpb24iOiLQodCx0LjRgiDQsNCy0YLQvtC80L7QsdC40LvQtdC8INC90LAg0L_QtdGA0LXRhdC-0LTQtSIsInBsYWNlIjoic3RyZWV0IiwidGltZSI6IjAxOjEwIn0sIm9mZmljZSI6IlRKLUtULTAxIiwic3VyZ2VyeSI6eyJwZXJmb3JtZWQiOiJubyJ9fSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtODZhMy03NWQ0LTk2YjgtZWVhNGY3MDBhMTg5IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtODZhMy03NWQ0LTk2YjgtZWVhNGY3MDBhMTg5IiwicHJldiI6Ikoybl9TSEtLV3djSTlXaU0tUGVydFFZZ1V2X3I2ZkNibXFmZUd5d3hMRXciLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjM4Ljk3OTQ3MTg5MyswNTowMCIsInJldiI6MSwicm9sZSI6ImRvY3RvciIsInNlcSI6MTQsInQiOiJkZWF0aCIsInVzciI6ImZpcnV6IiwidiI6MX0.BIeVhqyXaxURYKe5lF9DQ3HG9U-BUW4C3f9ge2IPxcG5FnnBtu5fyQoZ9rWVN8fgFtxthEYTWDL9PW4VfsJjCA', 'returned', '{"status":"returned","by":"registrar","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":{"code":"registrar","text":{"en":"The registrar sent it back: Рақами парвандаи корҳои дохилиро нависед","ru":"Сотрудник ЗАГСа вернул: Рақами парвандаи корҳои дохилиро нависед","tg":"Корманди САҲШ баргардонд: Рақами парвандаи корҳои дохилиро нависед"}},"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (11, 'eQHyELzU7w4smcMd41fvy4vX6qc-jttc_qASVn2szMA', '01a2268d-861b-739c-9e1e-f3643506ba85', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 11, 'EL5Nbf2E-K_wGhn-xrLfZCrAZT_HZ9MeNDG9lvlAdCA', '01a2268d-861b-739c-9e1e-f3643506ba85', 1, 'birth', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIxMjo0MCIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hlY2tlZCI6eyJDMDgiOiJ2ZXJpZmllZCJ9LCJjaGlsZCI6eyJnaXZlbiI6eyJub3QiOiJ5ZXQifSwic2V4IjoiZmVtYWxlIn0sImZhdGhlciI6eyJib3JuIjoiMTk4NS0wMS0xNiIsImdpdmVuIjoi0JTQsNC70LXRgCIsInN1cm5hbWUiOiLQntC70LjQvNC-0LIifSwibW90aGVyIjp7ImJvcm4iOiIyMDAwLTAyLTI5IiwiZGlzdHJpY3QiOiJUSi1LVC0wNyIsImRvY3VtZW50Ijoi0JAgMDE0MTAzNDQiLCJnaXZlbiI6ItCg0YPRhdGI0L7QvdCwIiwibGl2ZV9iaXJ0aHNfYmVmb3JlIjoxLCJtYXJyaWFnZSI6InJlZ2lzdGVyZWQiLCJwaG9uZSI6Iis5OTI5MTg4NzA4NjgiLCJzdXJuYW1lIjoi0J7Qu9C40LzQvtCy0LAifSwib2ZmaWNlIjoiVEotS1QtMDEifSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtODYxYi03MzljLTllMWUtZjM2NDM1MDZiYTg1IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtODYxYi03MzljLTllMWUtZjM2NDM1MDZiYTg1IiwicHJldiI6IkVMNU5iZjJFLUtfd0dobi14ckxmWkNyQVpUX0haOU1lTkRHOWx2bEFkQ0EiLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjM4Ljg0MzczODgwOSswNTowMCIsInJldiI6MSwicm9sZSI6ImRvY3RvciIsInNlcSI6MTEsInQiOiJiaXJ0aCIsInVzciI6ImZpcnV6IiwidiI6MX0.zARuye8c3QqVkW3Sa_s3umeWaKUg8nxipBNcw0CDJ0QG-_GiJ6-8H8hXw6uM_4JPYwrf8Vt3Qa8mCkij84oNDA', 'duplicate', '{"status":"duplicate","by":"registrar","reg_no":"TJ-KT-01-2026-B-000004","office":"TJ-KT-01","open":[],"dup_of":"01a2268d-8540-763c-b7da-85aac1c1368d","problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (21, 'S1JT1oDPlTwRvlzInRs-ZJbr_QTy3ecrXnf6Nxp9hGU', '01a2268d-882a-74e0-9628-01c2e49fe754', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 21, 'qzaQJGnC519RnMnp8NN7Upwb-fxgP7RW_S5ycgB92wI', '01a2268d-882a-74e0-9628-01c2e49fe754', 1, 'birth', 'TJ-KT-BOX-01', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IkdSaWVINmZaVDBlTUlNREZEclEzdk1ld21UN2R1MHpJTVZNWmNKejdmQXciLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIxMzowNSIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hpbGQiOnsiZ2l2ZW4iOnsibm90IjoieWV0In0sInNleCI6Im1hbGUifSwiZmF0aGVyIjp7ImJvcm4iOiIxOTg2LTAyLTE3IiwiZ2l2ZW4iOiLQodOv0rPRgNC-0LEiLCJzdXJuYW1lIjoi0KHQsNGE0LDRgNC-0LIifSwibW90aGVyIjp7ImJvcm4iOiIyMDAzLTA3LTEyIiwiZGlzdHJpY3QiOiJUSi1LVC0wNyIsImRvY3VtZW50Ijoi0JAgMDE0MTA1MDAiLCJnaXZlbiI6ItCT0YPQu9GH0LXSs9GA0LAiLCJsaXZlX2JpcnRoc19iZWZvcmUiOjEsIm1hcnJpYWdlIjoicmVnaXN0ZXJlZCIsInBob25lIjoiKzk5MjkxODYxNDA2NyIsInN1cm5hbWUiOiLQodCw0YTQsNGA0L7QstCwIn0sIm9mZmljZSI6IlRKLUtULTAxIn0sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg4MmEtNzRlMC05NjI4LTAxYzJlNDlmZTc1NCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg4MmEtNzRlMC05NjI4LTAxYzJlNDlmZTc1NCIsInByZXYiOiJxemFRSkduQzUxOVJuTW5wOE5ON1Vwd2ItZnhnUDdSV19TNXljZ0I5MndJIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOS4zNzA5NTEyMjArMDU6MDAiLCJyZXYiOjEsInJvbGUiOiJtaWR3aWZlIiwic2VxIjoyMSwidCI6ImJpcnRoIiwidXNyIjoibWVocmkiLCJ2IjoxfQ.4Mi110ek2wjrP_443niiL9itetbDXjsEpig_WPxgx_nAARLK1E3u3YjwKLeEbnIrlUcqr0wwxU_DcjDd9iJLAw', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-B-000005","office":"TJ-KT-01","open":["name"],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (22, 'B1goCr6diZ18VzUeg4LhWymCIlP1xfp9iKKcpYc_21c', '01a2268d-8864-775a-8e69-f3ee409bdae6', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 22, 'S1JT1oDPlTwRvlzInRs-ZJbr_QTy3ecrXnf6Nxp9hGU', '01a2268d-8864-775a-8e69-f3ee409bdae6', 1, 'birth', 'TJ-KT-BOX-01', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', 1, 1795943139449, 'eyJhbGciOiJFZERTQSIsImtpZCI6IkdSaWVINmZaVDBlTUlNREZEclEzdk1ld21UN2R1MHpJTVZNWmNKejdmQXciLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhcGdhcl8xIjo4LCJhcGdhcl81Ijo5LCJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjgiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTAsInBsYWNlIjoiZmFjaWxpdHkiLCJwbHVyYWxpdHkiOjEsInRpbWUiOiIxNDoyMCIsIndlZWtzIjozOSwid2VpZ2h0IjozNDIwfSwiY2hpbGQiOnsiZ2l2ZW4iOnsibm90IjoieWV0In0sInNleCI6Im1hbGUifSwiZmF0aGVyIjp7ImJvcm4iOiIxOTkxLTA3LTA0IiwiZ2l2ZW4iOiLSttCw0LzRiNC10LQiLCJzdXJuYW1lIjoi0JzQuNGA0LfQvtC10LIifSwibW90aGVyIjp7ImJvcm4iOiIxOTk2LTA4LTMwIiwiZGlzdHJpY3QiOiJUSi1LVC0wNyIsImRvY3VtZW50Ijoi0JAgMDE0MTA1MTEiLCJnaXZlbiI6ItCo0LDSs9C90L7Qt9CwIiwibGl2ZV9iaXJ0aHNfYmVmb3JlIjoxLCJtYXJyaWFnZSI6InJlZ2lzdGVyZWQiLCJwaG9uZSI6Iis5OTI5MTgwODM0OTQiLCJzdXJuYW1lIjoi0JzQuNGA0LfQvtC10LLQsCJ9LCJvZmZpY2UiOiJUSi1LVC0wMSJ9LCJjbGsiOiJzeW5jZWQiLCJkZXYiOiJtcEkxLTYzNFZ4NzRyekZWWTl3VlR5QWFMMW9PYm81Yk5xcVhwaFFjYmVJIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaWQiOiIwMWEyMjY4ZC04ODY0LTc3NWEtOGU2OS1mM2VlNDA5YmRhZTYiLCJqaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI5YzU5ZmJmODUiLCJuaWQiOiIwMWEyMjY4ZC04ODY0LTc3NWEtOGU2OS1mM2VlNDA5YmRhZTYiLCJwcmV2IjoiUzFKVDFvRFBsVHdSdmx6SW5Scy1aSmJyX1FUeTNlY3JYbmY2TnhwOWhHVSIsInJlYyI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDI4NDExNTQyKzA1OjAwIiwicmV2IjoxLCJyb2xlIjoibWlkd2lmZSIsInNlcSI6MjIsInQiOiJiaXJ0aCIsInVzciI6Im1laHJpIiwidiI6MX0.T_8Uyb2OkCbVgRBSZks3sErMUaV29JPM871DPGVNB4xtKZQKsjK788fgajnEV0ZW6rlGJ3Y8G_NDbAjiphBLAg', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-B-000006","office":"TJ-KT-01","open":["name"],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (24, '4w3FwOlsCXJTLlMExaLUM3Fhgq-gVuD0sXRHyQpiIBM', '01a2268d-89a7-77c7-9ce1-8c1cdc397408', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 25, 'ilselsg2tPQZ81FTDb_Mwm7fbMPTnjz-Aqw0XjyBH1Y', '01a2268d-8864-775a-8e69-f3ee409bdae6', 1, 'void', 'TJ-KT-BOX-01', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', 1, 1795943139928, 'eyJhbGciOiJFZERTQSIsImtpZCI6IkdSaWVINmZaVDBlTUlNREZEclEzdk1ld21UN2R1MHpJTVZNWmNKejdmQXciLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6e30sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg5YTctNzdjNy05Y2UxLThjMWNkYzM5NzQwOCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg4NjQtNzc1YS04ZTY5LWYzZWU0MDliZGFlNiIsInByZXYiOiJpbHNlbHNnMnRQUVo4MUZURGJfTXdtN2ZiTVBUbmp6LUFxdzBYanlCSDFZIiwicmVhc29uIjp7ImNvZGUiOiJ0d2ljZSIsInRleHQiOiLQtNGDINCx0L7RgCDQvdCw0LLQuNGI0YLQsCDRiNGD0LQifSwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOS43NTE2MTA0NjkrMDU6MDAiLCJyZWYiOnsiaCI6IkIxZ29DcjZkaVoxOFZ6VWVnNExoV3ltQ0lsUDF4ZnA5aUtLY3BZY18yMWMiLCJuaWQiOiIwMWEyMjY4ZC04ODY0LTc3NWEtOGU2OS1mM2VlNDA5YmRhZTYiLCJyZXYiOjF9LCJyZXYiOjEsInJvbGUiOiJtaWR3aWZlIiwic2VxIjoyNSwidCI6InZvaWQiLCJ1c3IiOiJtZWhyaSIsInYiOjF9.EosGs60wlG6yRdplEDGt_taYvy1XXTs1er_bcPjIQQVAv3f6EGIKZZ8ye1esdSs2kqNh9U9f6S5vDJgHXlGOBw', 'annulment-pending', '{"status":"annulment-pending","by":"auto","reg_no":"TJ-KT-01-2026-B-000006","office":"TJ-KT-01","open":[],"dup_of":null,"problem":{"code":"annulment","text":{"en":"Annulled; a second person still has to confirm.","ru":"Аннулировано; ещё должен подтвердить второй человек.","tg":"Бекор карда шуд; шахси дуюм бояд тасдиқ кунад."}},"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (25, '6Yk3IrUfY2T6h7ziLaTvOjANjdLq8sj3vuZKBpzfo4o', '01a2268d-89d7-75a1-a954-03d6e816f799', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 26, '4w3FwOlsCXJTLlMExaLUM3Fhgq-gVuD0sXRHyQpiIBM', '01a2268d-882a-74e0-9628-01c2e49fe754', 1, 'attest', 'TJ-KT-BOX-01', 'WG9WE5h23Kx2XzxczBFlvy02ly-uvVpJ56mK5rP8g28', 1, 1795943139928, 'eyJhbGciOiJFZERTQSIsImtpZCI6IldHOVdFNWgyM0t4Mlh6eGN6QkZsdnkwMmx5LXV2VnBKNTZtSzVyUDhnMjgiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6e30sImNsayI6InN5bmNlZCIsImRldiI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJpZCI6IjAxYTIyNjhkLTg5ZDctNzVhMS1hOTU0LTAzZDZlODE2Zjc5OSIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm5pZCI6IjAxYTIyNjhkLTg4MmEtNzRlMC05NjI4LTAxYzJlNDlmZTc1NCIsInByZXYiOiI0dzNGd09sc0NYSlRMbE1FeGFMVU0zRmhncS1nVnVEMHNYUkh5UXBpSUJNIiwicmVjIjoiMjAyNi0xMS0yOVQxNDowNTozOS43OTk1ODY0MjUrMDU6MDAiLCJyZWYiOnsiaCI6Imlsc2Vsc2cydFBRWjgxRlREYl9Nd203ZmJNUFRuanotQXF3MFhqeUJIMVkiLCJuaWQiOiIwMWEyMjY4ZC04ODJhLTc0ZTAtOTYyOC0wMWMyZTQ5ZmU3NTQiLCJyZXYiOjF9LCJyZXYiOjEsInJvbGUiOiJzaGlmdC1oZWFkIiwic2VxIjoyNiwidCI6ImF0dGVzdCIsInVzciI6InNhZGJhcmciLCJ2IjoxfQ.EeqXcr8TbrD7MBp6vGe8ZWXpilEeBndpF4yAZqPXV8-OXsnLmGCMnLFnlHNhr5we0PcudxN52iD-4pNvRrgCCQ', 'received', '{"status":"received","by":"auto","reg_no":null,"office":null,"open":[],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (29, 'y5Ze8utW-QpaMTJ9Ww63Ll-lIIFJLi93zivut3sK1oQ', '01a2268d-97e1-73cf-b961-63b073a88343', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 29, 'AAQFmp6TiO2fQ5FZm33OIT9_efCPWsBhiajlsQdn02M', '01a2268d-97e1-73cf-b961-63b073a88343', 1, 'foetal-death', 'TJ-KT-BOX-01', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', 1, 1795943143754, 'eyJhbGciOiJFZERTQSIsImtpZCI6IkdSaWVINmZaVDBlTUlNREZEclEzdk1ld21UN2R1MHpJTVZNWmNKejdmQXciLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjkiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo0NzAsIm9yZGVyIjoyLCJwbGFjZSI6ImZhY2lsaXR5IiwicGx1cmFsaXR5IjoyLCJ0aW1lIjoiMTQ6MDUiLCJ3ZWVrcyI6MzksIndlaWdodCI6MjYxMH0sImNoaWxkIjp7InNleCI6Im1hbGUifSwiZm9ldHVzIjp7ImRpZWRfd2hlbiI6ImludHJhcGFydHVtIiwic2lnbnNfb2ZfbGlmZSI6Im5vbmUifSwibW90aGVyIjp7ImJvcm4iOiIxOTkzLTAyLTExIiwiZGlzdHJpY3QiOiJUSi1LVC0wMSIsImdpdmVuIjoi0KTQuNGA06_Qt9CwIiwic3VybmFtZSI6ItCo0L7QvdCw0LfQsNGA0L7QstCwIn0sIm9mZmljZSI6IlRKLUtULTAxIiwic2V0Ijp7ImlkIjoiMDFhMjI2OGQtOGI0OS03MmViLThmN2QtZDMzODlhZTM3M2IyIiwibiI6Miwib3JkZXIiOjJ9fSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtOTdlMS03M2NmLWI5NjEtNjNiMDczYTg4MzQzIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtOTdlMS03M2NmLWI5NjEtNjNiMDczYTg4MzQzIiwicHJldiI6IkFBUUZtcDZUaU8yZlE1RlptMzNPSVQ5X2VmQ1BXc0JoaWFqbHNRZG4wMk0iLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjQzLjcyNTg0OTMxMCswNTowMCIsInJldiI6MSwicm9sZSI6Im1pZHdpZmUiLCJzZXEiOjI5LCJ0IjoiZm9ldGFsLWRlYXRoIiwidXNyIjoibWVocmkiLCJ2IjoxfQ.7FeLfMscKt0-farBfkOzrEJAiMMwtdVjjh-iDdNIFwWyYQuMmz1ld0HXZMboPcBNZGO2J3egagiv0UcXJnGDCQ', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-F-000002","office":"TJ-KT-01","open":["document"],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (30, '0QJwuRsa9IuofjodSPpQ7QeWE-jQgACLhDkx58Lt3U8', '01a2268d-8b49-72eb-8f7d-d3389ae373b2', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 30, 'y5Ze8utW-QpaMTJ9Ww63Ll-lIIFJLi93zivut3sK1oQ', '01a2268d-8b49-72eb-8f7d-d3389ae373b2', 1, 'birth', 'TJ-KT-BOX-01', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', 1, 1795943143754, 'eyJhbGciOiJFZERTQSIsImtpZCI6IkdSaWVINmZaVDBlTUlNREZEclEzdk1ld21UN2R1MHpJTVZNWmNKejdmQXciLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhdHRlbmRhbnQiOiJtaWR3aWZlIiwiZGF0ZSI6IjIwMjYtMTEtMjkiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwibGVuZ3RoIjo1MTUsIm9yZGVyIjoxLCJwbGFjZSI6ImZhY2lsaXR5IiwicGx1cmFsaXR5IjoyLCJ0aW1lIjoiMTQ6MDUiLCJ3ZWVrcyI6MzksIndlaWdodCI6MzM1MH0sImNoaWxkIjp7InNleCI6ImZlbWFsZSJ9LCJtb3RoZXIiOnsiYm9ybiI6IjE5OTMtMDItMTEiLCJkaXN0cmljdCI6IlRKLUtULTAxIiwiZ2l2ZW4iOiLQpNC40YDTr9C30LAiLCJzdXJuYW1lIjoi0KjQvtC90LDQt9Cw0YDQvtCy0LAifSwib2ZmaWNlIjoiVEotS1QtMDEiLCJzZXQiOnsiaWQiOiIwMWEyMjY4ZC04YjQ5LTcyZWItOGY3ZC1kMzM4OWFlMzczYjIiLCJuIjoyLCJvcmRlciI6MX19LCJjbGsiOiJzeW5jZWQiLCJkZXYiOiJtcEkxLTYzNFZ4NzRyekZWWTl3VlR5QWFMMW9PYm81Yk5xcVhwaFFjYmVJIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaWQiOiIwMWEyMjY4ZC04YjQ5LTcyZWItOGY3ZC1kMzM4OWFlMzczYjIiLCJqaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI5YzU5ZmJmODUiLCJuaWQiOiIwMWEyMjY4ZC04YjQ5LTcyZWItOGY3ZC1kMzM4OWFlMzczYjIiLCJwcmV2IjoieTVaZTh1dFctUXBhTVRKOVd3NjNMbC1sSUlGSkxpOTN6aXZ1dDNzSzFvUSIsInJlYyI6IjIwMjYtMTEtMjlUMTQ6MDU6NDMuNzI1ODQ5MzEwKzA1OjAwIiwicmV2IjoxLCJyb2xlIjoibWlkd2lmZSIsInNlcSI6MzAsInQiOiJiaXJ0aCIsInVzciI6Im1laHJpIiwidiI6MX0.GM5-szUX_oA34aYRtGf4XBLLM0WjWS7sqgjc_iJ7mN6LKB10ibB-dbg3bdemCP9hc8GPvdbl_c4I-FScCChpBg', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-B-000007","office":"TJ-KT-01","open":["name","father","document"],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (31, 'LnEDLcEJ7bFW_rmgMuSZTpvzGqTWQ2qDd8QsVU2U3ac', '01a2268d-99c0-77bf-8871-5c1e3853c12b', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 31, '0QJwuRsa9IuofjodSPpQ7QeWE-jQgACLhDkx58Lt3U8', '01a2268d-99c0-77bf-8871-5c1e3853c12b', 1, 'birth', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943150232, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJiaXJ0aCI6eyJhdHRlbmRhbnQiOiJkb2N0b3IiLCJkYXRlIjoiMjAyNi0xMS0yOSIsImRpc3RyaWN0IjoiVEotS1QtMDEiLCJsZW5ndGgiOjUxNSwicGxhY2UiOiJmYWNpbGl0eSIsInBsdXJhbGl0eSI6MSwidGltZSI6IjE0OjA1Iiwid2Vla3MiOjM5LCJ3ZWlnaHQiOjMzNTB9LCJjaGlsZCI6eyJsaXZpbmciOiJubyIsInNleCI6ImZlbWFsZSJ9LCJsaW5rcyI6W3sia2luZCI6ImJpcnRoLW9mLXRoaXMtZGVhdGgiLCJuaWQiOiIwMWEyMjY4ZC1hMTcyLTc2NjctODU2YS1lNTA0MGRkZTUxYzcifV0sIm1vdGhlciI6eyJib3JuIjoiMTk5Ny0wNS0wNSIsImRpc3RyaWN0IjoiVEotS1QtMDEiLCJnaXZlbiI6ItCk0L7RgtC40LzQsCIsInN1cm5hbWUiOiLQndCw0LjQvNC-0LLQsCJ9LCJvZmZpY2UiOiJUSi1LVC0wMSJ9LCJjbGsiOiJzeW5jZWQiLCJkZXYiOiJtcEkxLTYzNFZ4NzRyekZWWTl3VlR5QWFMMW9PYm81Yk5xcVhwaFFjYmVJIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaWQiOiIwMWEyMjY4ZC05OWMwLTc3YmYtODg3MS01YzFlMzg1M2MxMmIiLCJqaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI5YzU5ZmJmODUiLCJuaWQiOiIwMWEyMjY4ZC05OWMwLTc3YmYtODg3MS01YzFlMzg1M2MxMmIiLCJwcmV2IjoiMFFKd3VSc2E5SXVvZmpvZFNQcFE3UWVXRS1qUWdBQ0xoRGt4NThMdDNVOCIsInJlYyI6IjIwMjYtMTEtMjlUMTQ6MDU6NTAuMjA2NTA2NTA1KzA1OjAwIiwicmV2IjoxLCJyb2xlIjoiZG9jdG9yIiwic2VxIjozMSwidCI6ImJpcnRoIiwidXNyIjoiZmlydXoiLCJ2IjoxfQ.Fecamnxr1FUvqY0OFFWBtgIhHlyFFJrU3zk3-h7lIpOZTQInysPV2yOITmGhY2vdv51AY95_5c5cHR6yhHsxAw', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-B-000008","office":"TJ-KT-01","open":["name","father","document"],"dup_of":null,"problem":null,"cert":null}');
INSERT INTO public.entry OVERRIDING SYSTEM VALUE VALUES (32, '1RpyWFbpvy2BQ_8OYVyvHp4y-kcvX2P4Wa-eWSyD32k', '01a2268d-a172-7667-856a-e5040dde51c7', '01a2268d-8403-721c-b23b-2ab9c59fbf85', 32, 'LnEDLcEJ7bFW_rmgMuSZTpvzGqTWQ2qDd8QsVU2U3ac', '01a2268d-a172-7667-856a-e5040dde51c7', 1, 'death', 'TJ-KT-BOX-01', 'PHW8nrxScpNtcKibQNqrWNOW-4wfiMxvXQ5pwTao-sA', 1, 1795943150232, 'eyJhbGciOiJFZERTQSIsImtpZCI6IlBIVzhucnhTY3BOdGNLaWJRTnFyV05PVy00d2ZpTXh2WFE1cHdUYW8tc0EiLCJ0eXAiOiJvZ29oLWVudHJ5K2p3cyJ9.eyJhcHAiOiJvZ29oIDAuMS4wIiwiYm9keSI6eyJjYXVzZSI6eyJhIjp7InRleHQiOiLRhdC10LvQtSDQsdCw0YDQstCw0pvRgiDRgtCw0LLQsNC70LvRg9C0INGI0YPQtNCw0L0ifSwibGFuZyI6ImVuIn0sImNoZWNrZWQiOnsiRDQ2IjoidmVyaWZpZWQifSwiZGVhdGgiOnsiY2VydGlmaWNhdGUiOiJmaW5hbCIsImRhdGUiOiIyMDI2LTExLTI5IiwiZGlzdHJpY3QiOiJUSi1LVC0wMSIsIm1hbm5lciI6ImRpc2Vhc2UiLCJwbGFjZSI6ImZhY2lsaXR5IiwidGltZSI6IjE0OjA1In0sImRlY2Vhc2VkIjp7ImJvcm4iOiIyMDI2LTExLTI5IiwiZGlzdHJpY3QiOiJUSi1LVC0wMSIsImdpdmVuIjoi0JTRg9GF0YLQsNGAIiwic2V4IjoiZmVtYWxlIiwic3VybmFtZSI6ItCd0LDQuNC80L7QstCwIn0sImluZmFudCI6eyJiaXJ0aF9wbGFjZSI6ItCR0LXQvNC-0YDRhdC-0L3QsNC4INC80LDRgNC60LDQt9C40Lgg0KHQvtC80L7QvdC40ZHQvSIsImJpcnRoX3RpbWUiOiIxNDowNSIsImJpcnRoX3dlaWdodCI6MzM1MCwiaG91cnNfc3Vydml2ZWQiOjAsIm1vdGhlcl9hZ2UiOjI5LCJtb3RoZXJfZ2l2ZW4iOiLQpNC-0YLQuNC80LAiLCJtb3RoZXJfc3VybmFtZSI6ItCd0LDQuNC80L7QstCwIiwibXVsdGlwbGUiOiJubyIsIndlZWtzIjozOX0sImxpbmtzIjpbeyJraW5kIjoiZGVhdGgtb2YtdGhpcy1iaXJ0aCIsIm5pZCI6IjAxYTIyNjhkLTk5YzAtNzdiZi04ODcxLTVjMWUzODUzYzEyYiJ9XSwib2ZmaWNlIjoiVEotS1QtMDEifSwiY2xrIjoic3luY2VkIiwiZGV2IjoibXBJMS02MzRWeDc0cnpGVlk5d1ZUeUFhTDFvT2JvNWJOcXFYcGhRY2JlSSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImlkIjoiMDFhMjI2OGQtYTE3Mi03NjY3LTg1NmEtZTUwNDBkZGU1MWM3IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibmlkIjoiMDFhMjI2OGQtYTE3Mi03NjY3LTg1NmEtZTUwNDBkZGU1MWM3IiwicHJldiI6IkxuRURMY0VKN2JGV19ybWdNdVNaVHB2ekdxVFdRMnFEZDhRc1ZVMlUzYWMiLCJyZWMiOiIyMDI2LTExLTI5VDE0OjA1OjUwLjIwNjUwNjUwNSswNTowMCIsInJldiI6MSwicm9sZSI6ImRvY3RvciIsInNlcSI6MzIsInQiOiJkZWF0aCIsInVzciI6ImZpcnV6IiwidiI6MX0.aFk12EOAWCS440oeKdb9UqfTfqIHtQrQvcZS33vNsDWF0H7WkVMi4eDhU9NxPDW2IUi5EX-HBV_rBAl0zBTlCg', 'registered', '{"status":"registered","by":"auto","reg_no":"TJ-KT-01-2026-D-000004","office":"TJ-KT-01","open":["document"],"dup_of":null,"problem":null,"cert":null}');


--
-- Data for Name: facility; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.facility VALUES ('TJ-KT-BOX-01', 'Беморхонаи марказии Сомониён', 'TJ-KT-01', 'TJ-KT-01', 36);


--
-- Data for Name: fact; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.fact VALUES ('01a2268d-8521-753f-bc92-7336b440bd68', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-07","day":28,"counts":["live_births","male_births","weighed","unnamed","no_certificate"],"event":1795846500000,"steps":[1795943138593,1795943138636,1795943138636,null]}');
INSERT INTO public.fact VALUES ('01a2268d-8540-763c-b7da-85aac1c1368d', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-07","day":28,"counts":["live_births","female_births","weighed","unnamed","no_certificate"],"event":1795851060000,"steps":[1795943138624,1795943138636,1795943138636,null]}');
INSERT INTO public.fact VALUES ('01a2268d-85bc-7594-9809-fe8e8f5346d7', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-07","day":28,"counts":["live_births","male_births","weighed","answered","held"],"event":1795846680000,"steps":[1795943138748,1795943139449,null,null]}');
INSERT INTO public.fact VALUES ('01a2268d-864d-7768-9b52-3d10c75652ab', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":28,"counts":["road_deaths","deaths_age_15_49","deaths","coded_causes","held"],"event":1795820700000,"steps":[1795943138893,1795943139449,null,null]}');
INSERT INTO public.fact VALUES ('01a2268d-867a-73e8-acdc-dcd1f1245f53', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":28,"counts":["road_deaths","deaths_age_15_49","deaths","coded_causes","held"],"event":1795820700000,"steps":[1795943138938,1795943139449,null,null]}');
INSERT INTO public.fact VALUES ('01a2268d-86e5-76ad-b0c1-e2f0e7416809', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":28,"counts":["returned","returned.D06 deceased.born"],"event":1795820700000,"steps":[1795943139045,1795943139449,null,null]}');
INSERT INTO public.fact VALUES ('01a2268d-8726-775f-921f-a23d8fb534b1', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":28,"counts":["deaths_age_70_plus","deaths","coded_causes","no_certificate"],"event":1795820700000,"steps":[1795943139110,1795943139449,1795943139450,null]}');
INSERT INTO public.fact VALUES ('01a2268d-8747-71d3-baf5-ac739ee4dd5b', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":28,"counts":["maternal_deaths","deaths_age_15_49","deaths","coded_causes","no_certificate"],"event":1795829400000,"steps":[1795943139143,1795943139449,1795943139450,null]}');
INSERT INTO public.fact VALUES ('01a2268d-878b-717c-bffb-5e2f99cbbb3d', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":28,"counts":["deaths_age_70_plus","deaths","causes_awaited","unknown_cause.a.text","no_certificate"],"event":1795820700000,"steps":[1795943139211,1795943139449,1795943139450,null]}');
INSERT INTO public.fact VALUES ('01a2268d-87f8-76d1-affa-4f63ee3bd90c', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-07","day":27,"counts":["stillbirths","answered","unknown_foetus.died_when"],"event":1795789920000,"steps":[1795943139320,1795943139449,1795943139450,null]}');
INSERT INTO public.fact VALUES ('01a2268d-84e1-766e-8db0-a4a92c3acbe2', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-07","day":27,"counts":["live_births","male_births","weighed","no_certificate"],"event":1795731120000,"steps":[1795943138636,1795943138636,1795943138636,null]}');
INSERT INTO public.fact VALUES ('01a2268d-882a-74e0-9628-01c2e49fe754', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-07","day":28,"counts":["annulled"],"event":1795853100000,"steps":[1795943139370,1795943139449,1795943139450,null]}');
INSERT INTO public.fact VALUES ('01a2268d-8864-775a-8e69-f3ee409bdae6', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-07","day":28,"counts":["live_births","male_births","weighed"],"event":1795857600000,"steps":[1795943139428,1795943139449,1795943139450,null]}');
INSERT INTO public.fact VALUES ('01a2268d-8b49-72eb-8f7d-d3389ae373b2', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":29,"counts":["live_births","female_births","weighed","unknown_mother.document","unnamed","no_certificate"],"event":1795943100000,"steps":[1795943143725,1795943143754,1795943143755,null]}');
INSERT INTO public.fact VALUES ('01a2268d-97e1-73cf-b961-63b073a88343', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":29,"counts":["stillbirths"],"event":1795943100000,"steps":[1795943143725,1795943143754,1795943143755,null]}');
INSERT INTO public.fact VALUES ('01a2268d-99c0-77bf-8871-5c1e3853c12b', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":29,"counts":["live_births","female_births","weighed","unknown_mother.document","unnamed","no_certificate"],"event":1795943100000,"steps":[1795943150206,1795943150232,1795943150232,null]}');
INSERT INTO public.fact VALUES ('01a2268d-a172-7667-856a-e5040dde51c7', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":29,"counts":["deaths_early_neonatal_0_6d","deaths","answered","unknown_deceased.document","no_certificate"],"event":1795943100000,"steps":[1795943150206,1795943150232,1795943150232,null]}');
INSERT INTO public.fact VALUES ('01a2268d-8502-72c6-a14e-f550292ff11d', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-07","day":28,"counts":["live_births","female_births","weighed"],"event":1795826400000,"steps":[1795943138562,1795943138636,1795943138636,1795953600000]}');
INSERT INTO public.fact VALUES ('01a2268d-86a3-75d4-96b8-eea4f700a189', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-01","day":28,"counts":["returned","returned.registrar "],"event":1795820700000,"steps":[1795943138979,1795943139449,null,null]}');
INSERT INTO public.fact VALUES ('01a2268d-861b-739c-9e1e-f3643506ba85', 24322, '{"fac":"TJ-KT-BOX-01","district":"TJ-KT-01","residence":"TJ-KT-07","day":28,"counts":["duplicates"],"event":1795851600000,"steps":[1795943138843,1795943139449,null,null]}');


--
-- Data for Name: fact_change; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: family; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.family VALUES ('01a2268d-8502-72c6-a14e-f550292ff11d', '{"applicant":"Бобоева Мавзуна","child_given":"Мадина","child_surname":"Бобоева"}');


--
-- Data for Name: heartbeat; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.heartbeat VALUES ('mpI1-634Vx74rzFVY9wVTyAaL1oObo5bNqqXphQcbeI', 'TJ-KT-BOX-01', 1795943186619, 0, '0.1.0', 'eyJhbGciOiJFZERTQSIsImtpZCI6Im1wSTEtNjM0Vng3NHJ6RlZZOXdWVHlBYUwxb09ibzViTnFxWHBoUWNiZUkiLCJ0eXAiOiJvZ29oLWhlYXJ0YmVhdCtqd3MifQ.eyJhcHAiOiIwLjEuMCIsImF0IjoiMjAyNi0xMS0yOVQxNDowNjoyNi42MTgyNjAwODIrMDU6MDAiLCJjbGsiOiJzeW5jZWQiLCJkZXYiOiJtcEkxLTYzNFZ4NzRyekZWWTl3VlR5QWFMMW9PYm81Yk5xcVhwaFFjYmVJIiwiZHJhZnRzIjowLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJyZXR1cm5lZCI6MiwidW5zZW50IjowfQ.UyEuPYGG_3134VwuNwS24ovS2rP0GRgYE-iwiP3ZKbc5Vqz0a78Jrj6vRCCgcJKi0gq75e_Jk5kAtuAccI_gAA', NULL);


--
-- Data for Name: invitation; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invitation VALUES ('2NytaQgl_xX14KXAUkRlalh58FLTK0a6XIQG791CXAY', 'TJ-KT-BOX-02', 1796547953588, NULL, NULL);


--
-- Data for Name: journal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.journal VALUES ('01a2268d-8403-721c-b23b-2ab9c59fbf85', 'mpI1-634Vx74rzFVY9wVTyAaL1oObo5bNqqXphQcbeI', 'TJ-KT-BOX-01', NULL, 32, '1RpyWFbpvy2BQ_8OYVyvHp4y-kcvX2P4Wa-eWSyD32k', 32, 0);


--
-- Data for Name: link; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: notification; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.notification VALUES ('01a2268d-8521-753f-bc92-7336b440bd68', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, 'ty9yGIFa1leOtGWLYZrgdy3ibxebG66Df6a0QF6Jq94', 'ty9yGIFa1leOtGWLYZrgdy3ibxebG66Df6a0QF6Jq94', 'TJ-KT-01-2026-B-000003', NULL, NULL, NULL, 20785, 1795846500000, 1795943138636, 1795943138636, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-8540-763c-b7da-85aac1c1368d', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, 'cvD0To94X5s5JIpcb4BL02kVFrXNnGZLPQa0O33x48M', 'cvD0To94X5s5JIpcb4BL02kVFrXNnGZLPQa0O33x48M', 'TJ-KT-01-2026-B-000004', NULL, NULL, NULL, 20785, 1795851060000, 1795943138636, 1795943138636, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-85bc-7594-9809-fe8e8f5346d7', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'held', 1, 'EL5Nbf2E-K_wGhn-xrLfZCrAZT_HZ9MeNDG9lvlAdCA', 'EL5Nbf2E-K_wGhn-xrLfZCrAZT_HZ9MeNDG9lvlAdCA', NULL, '{"code":"look-alike","text":{"en":"It may be the same event as another notification. A registrar compares them.","ru":"Возможно, это то же событие, что и в другом уведомлении. Их сравнит сотрудник ЗАГСа.","tg":"Шояд ин ҳамон ҳодисае бошад, ки дар огоҳиномаи дигар ҳаст. Корманди САҲШ онҳоро муқоиса мекунад."}}', NULL, NULL, 20785, 1795846680000, 1795943139449, NULL, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-84e1-766e-8db0-a4a92c3acbe2', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 2, 'lquHMp5D5H-5Qb0nTJh9xyoKNs-dhgpFYpeBkQm4SR4', 'lquHMp5D5H-5Qb0nTJh9xyoKNs-dhgpFYpeBkQm4SR4', 'TJ-KT-01-2026-B-000001', NULL, NULL, NULL, 20784, 1795731120000, 1795943138636, 1795943138636, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-8502-72c6-a14e-f550292ff11d', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'certificate-issued', 1, '_3nwUNK7T2YluuMwUW1QJMg7kvtpd38Tt9fADPzDHfw', '_3nwUNK7T2YluuMwUW1QJMg7kvtpd38Tt9fADPzDHfw', 'TJ-KT-01-2026-B-000002', NULL, NULL, NULL, 20785, 1795826400000, 1795943138636, 1795943138636, NULL, NULL, 'I-ТҶ 0000001', '2026-11-29', 1);
INSERT INTO public.notification VALUES ('01a2268d-861b-739c-9e1e-f3643506ba85', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'duplicate', 1, 'eQHyELzU7w4smcMd41fvy4vX6qc-jttc_qASVn2szMA', 'eQHyELzU7w4smcMd41fvy4vX6qc-jttc_qASVn2szMA', NULL, '{"code":"look-alike","text":{"en":"It may be the same event as another notification. A registrar compares them.","ru":"Возможно, это то же событие, что и в другом уведомлении. Их сравнит сотрудник ЗАГСа.","tg":"Шояд ин ҳамон ҳодисае бошад, ки дар огоҳиномаи дигар ҳаст. Корманди САҲШ онҳоро муқоиса мекунад."}}', NULL, NULL, 20785, 1795851600000, 1795943139449, NULL, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-864d-7768-9b52-3d10c75652ab', 'death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'held', 1, 'ZZZyEwpsrf2p4CRZQUtPZXfAAJdljaPSlTHZ8Cd-rwY', 'ZZZyEwpsrf2p4CRZQUtPZXfAAJdljaPSlTHZ8Cd-rwY', NULL, '{"code":"violent-death","text":{"en":"A violent death without police number and forensic expert: a registrar decides.","ru":"Насильственная смерть без номера милиции и без судебно-медицинского эксперта: решает сотрудник ЗАГСа.","tg":"Вафоти зӯроварона бе рақами милитсия ва коршиноси тиббии судӣ: корманди САҲШ қарор мекунад."}}', NULL, NULL, 20785, 1795820700000, 1795943139449, NULL, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-867a-73e8-acdc-dcd1f1245f53', 'death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'held', 1, 'J2n_SHKKWwcI9WiM-PertQYgUv_r6fCbmqfeGywxLEw', 'J2n_SHKKWwcI9WiM-PertQYgUv_r6fCbmqfeGywxLEw', NULL, '{"code":"violent-death","text":{"en":"A violent death without police number and forensic expert: a registrar decides.","ru":"Насильственная смерть без номера милиции и без судебно-медицинского эксперта: решает сотрудник ЗАГСа.","tg":"Вафоти зӯроварона бе рақами милитсия ва коршиноси тиббии судӣ: корманди САҲШ қарор мекунад."}}', NULL, NULL, 20785, 1795820700000, 1795943139449, NULL, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-86e5-76ad-b0c1-e2f0e7416809', 'death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'returned', 1, 'cXmtFA7yWaoYwFAUwf3LeL1Uq0shC7RTRmdt9LoQLtU', 'cXmtFA7yWaoYwFAUwf3LeL1Uq0shC7RTRmdt9LoQLtU', NULL, NULL, NULL, NULL, 20785, 1795820700000, 1795943139449, NULL, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-8726-775f-921f-a23d8fb534b1', 'death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, 'Z805mVbNBNtdVkOJ5JVKRxmbfKC8JcKwVCLmsM33ffk', 'Z805mVbNBNtdVkOJ5JVKRxmbfKC8JcKwVCLmsM33ffk', 'TJ-KT-01-2026-D-000001', NULL, NULL, NULL, 20785, 1795820700000, 1795943139449, 1795943139450, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-8747-71d3-baf5-ac739ee4dd5b', 'death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, 'qwshwcBzLMjNYdgVowsRCJkc4qIsuOASH9_lrBdmkVQ', 'qwshwcBzLMjNYdgVowsRCJkc4qIsuOASH9_lrBdmkVQ', 'TJ-KT-01-2026-D-000002', NULL, NULL, NULL, 20785, 1795829400000, 1795943139449, 1795943139450, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-878b-717c-bffb-5e2f99cbbb3d', 'death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, 'VZtsOfZwRsvKcBbswrhK6Wj0AV0pY__tOfsVq_dH6PM', 'VZtsOfZwRsvKcBbswrhK6Wj0AV0pY__tOfsVq_dH6PM', 'TJ-KT-01-2026-D-000003', NULL, NULL, NULL, 20785, 1795820700000, 1795943139449, 1795943139450, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-87f8-76d1-affa-4f63ee3bd90c', 'foetal-death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, 'qzaQJGnC519RnMnp8NN7Upwb-fxgP7RW_S5ycgB92wI', 'qzaQJGnC519RnMnp8NN7Upwb-fxgP7RW_S5ycgB92wI', 'TJ-KT-01-2026-F-000001', NULL, NULL, NULL, 20784, 1795789920000, 1795943139449, 1795943139450, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-882a-74e0-9628-01c2e49fe754', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'voided', 1, 'S1JT1oDPlTwRvlzInRs-ZJbr_QTy3ecrXnf6Nxp9hGU', 'S1JT1oDPlTwRvlzInRs-ZJbr_QTy3ecrXnf6Nxp9hGU', 'TJ-KT-01-2026-B-000005', NULL, NULL, NULL, 20785, 1795853100000, 1795943139449, 1795943139450, 'ilselsg2tPQZ81FTDb_Mwm7fbMPTnjz-Aqw0XjyBH1Y', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-8864-775a-8e69-f3ee409bdae6', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'annulment-pending', 1, 'B1goCr6diZ18VzUeg4LhWymCIlP1xfp9iKKcpYc_21c', 'B1goCr6diZ18VzUeg4LhWymCIlP1xfp9iKKcpYc_21c', 'TJ-KT-01-2026-B-000006', NULL, NULL, NULL, 20785, 1795857600000, 1795943139449, 1795943139450, '4w3FwOlsCXJTLlMExaLUM3Fhgq-gVuD0sXRHyQpiIBM', 'GRieH6fZT0eMIMDFDrQ3vMewmT7du0zIMVMZcJz7fAw', NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-8b49-72eb-8f7d-d3389ae373b2', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, '0QJwuRsa9IuofjodSPpQ7QeWE-jQgACLhDkx58Lt3U8', '0QJwuRsa9IuofjodSPpQ7QeWE-jQgACLhDkx58Lt3U8', 'TJ-KT-01-2026-B-000007', NULL, '01a2268d-8b49-72eb-8f7d-d3389ae373b2', 2, 20786, 1795943100000, 1795943143754, 1795943143755, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-97e1-73cf-b961-63b073a88343', 'foetal-death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, 'y5Ze8utW-QpaMTJ9Ww63Ll-lIIFJLi93zivut3sK1oQ', 'y5Ze8utW-QpaMTJ9Ww63Ll-lIIFJLi93zivut3sK1oQ', 'TJ-KT-01-2026-F-000002', NULL, '01a2268d-8b49-72eb-8f7d-d3389ae373b2', 2, 20786, 1795943100000, 1795943143754, 1795943143755, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-99c0-77bf-8871-5c1e3853c12b', 'birth', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, 'LnEDLcEJ7bFW_rmgMuSZTpvzGqTWQ2qDd8QsVU2U3ac', 'LnEDLcEJ7bFW_rmgMuSZTpvzGqTWQ2qDd8QsVU2U3ac', 'TJ-KT-01-2026-B-000008', NULL, NULL, NULL, 20786, 1795943100000, 1795943150232, 1795943150232, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-a172-7667-856a-e5040dde51c7', 'death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'registered', 1, '1RpyWFbpvy2BQ_8OYVyvHp4y-kcvX2P4Wa-eWSyD32k', '1RpyWFbpvy2BQ_8OYVyvHp4y-kcvX2P4Wa-eWSyD32k', 'TJ-KT-01-2026-D-000004', NULL, NULL, NULL, 20786, 1795943100000, 1795943150232, 1795943150232, NULL, NULL, NULL, NULL, 1);
INSERT INTO public.notification VALUES ('01a2268d-86a3-75d4-96b8-eea4f700a189', 'death', 'TJ-KT-BOX-01', 'TJ-KT-01', 'returned', 1, '9KEkAs5bfbCLfjfeOVYoROFgTUAKvQwNok64Qsn-N4s', '9KEkAs5bfbCLfjfeOVYoROFgTUAKvQwNok64Qsn-N4s', NULL, '{"code":"violent-death","text":{"en":"A violent death without police number and forensic expert: a registrar decides.","ru":"Насильственная смерть без номера милиции и без судебно-медицинского эксперта: решает сотрудник ЗАГСа.","tg":"Вафоти зӯроварона бе рақами милитсия ва коршиноси тиббии судӣ: корманди САҲШ қарор мекунад."}}', NULL, NULL, 20785, 1795820700000, 1795943139449, NULL, NULL, NULL, NULL, NULL, 1);


--
-- Data for Name: number; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.number VALUES ('TJ-KT-01', 2026, 'foetal-death', 2);
INSERT INTO public.number VALUES ('TJ-KT-01', 2026, 'birth', 8);
INSERT INTO public.number VALUES ('TJ-KT-01', 2026, 'death', 4);


--
-- Data for Name: receipt; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 1, 'VquLJQ7RnuWnlqGbQuIzxtc_YfBnVLUg6Rm_3t-Fp_o', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMzk5OTkzMjE4KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiUkRRLVZvV1l6MWl0cU80U1YtZldIWmdxVjl0d01qcXZ1M2NhRGNtQmVBcyIsInNlcSI6NH0sImlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiODI4MjMxMjQwIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6MSwibmgiOiJWcXVMSlE3Um51V25scUdiUXVJenh0Y19ZZkJuVkxVZzZSbV8zdC1GcF9vIiwibmlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiODI4MjMxMjQwIiwicmV2IjoxLCJzZXEiOjEsInN0YXR1cyI6InJlY2VpdmVkIn0.X3GSgktSO5_B1PSVljYQfpGblcy9sIOyQvodZLkEesisiGtuEBINAmIWI-xWd1nElLyS9rE3aBDaVP6dth1CAw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 2, 'Vq5o3R9Surc6JoP95-Hs5QbDnZVpR-v1tC0BFrraDq0', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMzk5OTkzMjE4KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiUkRRLVZvV1l6MWl0cU80U1YtZldIWmdxVjl0d01qcXZ1M2NhRGNtQmVBcyIsInNlcSI6NH0sImlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiN2ZlYmU0YzIwIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6MiwibmgiOiJWcTVvM1I5U3VyYzZKb1A5NS1IczVRYkRuWlZwUi12MXRDMEJGcnJhRHEwIiwibmlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiN2ZlYmU0YzIwIiwicmV2IjoxLCJzZXEiOjIsInN0YXR1cyI6InJlY2VpdmVkIn0.REHtU5ZlRBFgiuFUViUynGL7hBPr8hh0eEDrCuub-KqnONI478VXrS5H1yF8Clhx3j5GvcVgATlugAxcWUCPAg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 3, 'nXmtq21ZYjkUjOlwZkc8xSGHlXWPgxjNNp2YWZ9lMV0', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMzk5OTkzMjE4KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiUkRRLVZvV1l6MWl0cU80U1YtZldIWmdxVjl0d01qcXZ1M2NhRGNtQmVBcyIsInNlcSI6NH0sImlkIjoiMDFhMjI2OGQtODQyMS03NzgwLTgzZDctNzBjZTdjZTJjMDZkIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6MywibmgiOiJuWG10cTIxWllqa1VqT2x3WmtjOHhTR0hsWFdQZ3hqTk5wMllXWjlsTVYwIiwibmlkIjoiMDFhMjI2OGQtODQyMS03NzgwLTgzZDctNzBjZTdjZTJjMDZkIiwicmV2IjoxLCJzZXEiOjMsInN0YXR1cyI6InJlY2VpdmVkIn0.hu6GoXw99QdHmLAogrXq6694CUF6Yjh3tp5T3Tsc1i5PJEP8ak4WCcF2B2LRj4n_yq2FaLA30zWvI27I_B0xAg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 4, 'RDQ-VoWYz1itqO4SV-fWHZgqV9twMjqvu3caDcmBeAs', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMzk5OTkzMjE4KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiUkRRLVZvV1l6MWl0cU80U1YtZldIWmdxVjl0d01qcXZ1M2NhRGNtQmVBcyIsInNlcSI6NH0sImlkIjoiMDFhMjI2OGQtODQ1Ni03NzkxLTllNDktMmM5OWFjMWIxZTU1IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6NCwibmgiOiJSRFEtVm9XWXoxaXRxTzRTVi1mV0haZ3FWOXR3TWpxdnUzY2FEY21CZUFzIiwibmlkIjoiMDFhMjI2OGQtODQ1Ni03NzkxLTllNDktMmM5OWFjMWIxZTU1IiwicmV2IjoxLCJzZXEiOjQsInN0YXR1cyI6InJlY2VpdmVkIn0.1z5fflxUJ7mcpeEawZaI2Rf1C7MFc15A69WGWhiboHO-7n-Z2zyWmqCHagy2Rzc2zN99k8y7Eb9yfM8d58XVCQ');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 5, 'X3AFunTOA9fLxW_1jj1RWVfsITeBKxE0meJI50s5Nlc', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguNjM2NTQ5MTc4KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiY3ZEMFRvOTRYNXM1SklwY2I0QkwwMmtWRnJYTm5HWkxQUWEwTzMzeDQ4TSIsInNlcSI6OX0sImlkIjoiMDFhMjI2OGQtODRjMi03MTBlLWFiODYtYzA0Y2Y2ZWY2NzI2IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6NSwibmgiOiJYM0FGdW5UT0E5Zkx4V18xamoxUldWZnNJVGVCS3hFMG1lSkk1MHM1TmxjIiwibmlkIjoiMDFhMjI2OGQtODRjMi03MTBlLWFiODYtYzA0Y2Y2ZWY2NzI2IiwicmV2IjoxLCJzZXEiOjUsInN0YXR1cyI6InJlY2VpdmVkIn0.VtLE_FYl8U6baKXwaU-d7VI1WyQPTuJ_pksYAoDR1OXE5shnyOjSfBn0ETSUg4Zjo3WdPbUKTrNI9D9DE9IQBw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 6, 'mVQM_3mKj8THBGn3ja5kv9iFRIaCtZZz4dZehQYtQKI', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguNjM2NTQ5MTc4KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiY3ZEMFRvOTRYNXM1SklwY2I0QkwwMmtWRnJYTm5HWkxQUWEwTzMzeDQ4TSIsInNlcSI6OX0sImlkIjoiMDFhMjI2OGQtODRlMS03NjZlLThkYjAtYTRhOTJjM2FjYmUyIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6NiwibmgiOiJtVlFNXzNtS2o4VEhCR24zamE1a3Y5aUZSSWFDdFpaejRkWmVoUVl0UUtJIiwibmlkIjoiMDFhMjI2OGQtODRlMS03NjZlLThkYjAtYTRhOTJjM2FjYmUyIiwib2ZmaWNlIjoiVEotS1QtMDEiLCJvcGVuIjpbIm5hbWUiXSwicmVnX25vIjoiVEotS1QtMDEtMjAyNi1CLTAwMDAwMSIsInJldiI6MSwic2VxIjo2LCJzdGF0dXMiOiJyZWdpc3RlcmVkIn0.QraMC2FYo3JrZMv1-93NdRkss_GK4j8XdeAYd4PC6pHi2OvktjvQkn3Xl1RX2_NVoBJiLH-gGsppA2FKMFTuCw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 7, '_3nwUNK7T2YluuMwUW1QJMg7kvtpd38Tt9fADPzDHfw', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguNjM2NTQ5MTc4KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiY3ZEMFRvOTRYNXM1SklwY2I0QkwwMmtWRnJYTm5HWkxQUWEwTzMzeDQ4TSIsInNlcSI6OX0sImlkIjoiMDFhMjI2OGQtODUwMi03MmM2LWExNGUtZjU1MDI5MmZmMTFkIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6NywibmgiOiJfM253VU5LN1QyWWx1dU13VVcxUUpNZzdrdnRwZDM4VHQ5ZkFEUHpESGZ3IiwibmlkIjoiMDFhMjI2OGQtODUwMi03MmM2LWExNGUtZjU1MDI5MmZmMTFkIiwib2ZmaWNlIjoiVEotS1QtMDEiLCJvcGVuIjpbIm5hbWUiXSwicmVnX25vIjoiVEotS1QtMDEtMjAyNi1CLTAwMDAwMiIsInJldiI6MSwic2VxIjo3LCJzdGF0dXMiOiJyZWdpc3RlcmVkIn0.5qP_6O_Vjh2dD534jkohGqTGN4sy_I87dvyHYuKQCLupNR0NkYIJUz_RfTXTmamMzroeKuGROipD_i9JXbfrAA');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 8, 'ty9yGIFa1leOtGWLYZrgdy3ibxebG66Df6a0QF6Jq94', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguNjM2NTQ5MTc4KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiY3ZEMFRvOTRYNXM1SklwY2I0QkwwMmtWRnJYTm5HWkxQUWEwTzMzeDQ4TSIsInNlcSI6OX0sImlkIjoiMDFhMjI2OGQtODUyMS03NTNmLWJjOTItNzMzNmI0NDBiZDY4IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6OCwibmgiOiJ0eTl5R0lGYTFsZU90R1dMWVpyZ2R5M2lieGViRzY2RGY2YTBRRjZKcTk0IiwibmlkIjoiMDFhMjI2OGQtODUyMS03NTNmLWJjOTItNzMzNmI0NDBiZDY4Iiwib2ZmaWNlIjoiVEotS1QtMDEiLCJvcGVuIjpbIm5hbWUiXSwicmVnX25vIjoiVEotS1QtMDEtMjAyNi1CLTAwMDAwMyIsInJldiI6MSwic2VxIjo4LCJzdGF0dXMiOiJyZWdpc3RlcmVkIn0.L_GUqMbXG6Cl49E9w77qf3hrhang1DrqyLbOiGlcNlE02QJwfrgFjhVasaouLNJ7Xc8r7F5KksZV1n0RhPHYDg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 9, 'cvD0To94X5s5JIpcb4BL02kVFrXNnGZLPQa0O33x48M', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguNjM2NTQ5MTc4KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiY3ZEMFRvOTRYNXM1SklwY2I0QkwwMmtWRnJYTm5HWkxQUWEwTzMzeDQ4TSIsInNlcSI6OX0sImlkIjoiMDFhMjI2OGQtODU0MC03NjNjLWI3ZGEtODVhYWMxYzEzNjhkIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6OSwibmgiOiJjdkQwVG85NFg1czVKSXBjYjRCTDAya1ZGclhObkdaTFBRYTBPMzN4NDhNIiwibmlkIjoiMDFhMjI2OGQtODU0MC03NjNjLWI3ZGEtODVhYWMxYzEzNjhkIiwib2ZmaWNlIjoiVEotS1QtMDEiLCJvcGVuIjpbIm5hbWUiXSwicmVnX25vIjoiVEotS1QtMDEtMjAyNi1CLTAwMDAwNCIsInJldiI6MSwic2VxIjo5LCJzdGF0dXMiOiJyZWdpc3RlcmVkIn0.lluoAAhS-eMk_B5SSqb7SaC5QSy2OdovaDZUJF8OlsS8Yf5HNcPVqDfK9Kw1k1ZhsxpPKLB-5Z4_ucdd4sbDDw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 10, 'EL5Nbf2E-K_wGhn-xrLfZCrAZT_HZ9MeNDG9lvlAdCA', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZHVwX29mIjoiMDFhMjI2OGQtODUyMS03NTNmLWJjOTItNzMzNmI0NDBiZDY4IiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg1YmMtNzU5NC05ODA5LWZlOGU4ZjUzNDZkNyIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjEwLCJuaCI6IkVMNU5iZjJFLUtfd0dobi14ckxmWkNyQVpUX0haOU1lTkRHOWx2bEFkQ0EiLCJuaWQiOiIwMWEyMjY4ZC04NWJjLTc1OTQtOTgwOS1mZThlOGY1MzQ2ZDciLCJvZmZpY2UiOiJUSi1LVC0wMSIsInByb2JsZW0iOnsiY29kZSI6Imxvb2stYWxpa2UiLCJ0ZXh0Ijp7ImVuIjoiSXQgbWF5IGJlIHRoZSBzYW1lIGV2ZW50IGFzIGFub3RoZXIgbm90aWZpY2F0aW9uLiBBIHJlZ2lzdHJhciBjb21wYXJlcyB0aGVtLiIsInJ1Ijoi0JLQvtC30LzQvtC20L3Qviwg0Y3RgtC-INGC0L4g0LbQtSDRgdC-0LHRi9GC0LjQtSwg0YfRgtC-INC4INCyINC00YDRg9Cz0L7QvCDRg9Cy0LXQtNC-0LzQu9C10L3QuNC4LiDQmNGFINGB0YDQsNCy0L3QuNGCINGB0L7RgtGA0YPQtNC90LjQuiDQl9CQ0JPQodCwLiIsInRnIjoi0KjQvtGP0LQg0LjQvSDSs9Cw0LzQvtC9INKz0L7QtNC40YHQsNC1INCx0L7RiNCw0LQsINC60Lgg0LTQsNGAINC-0LPQvtKz0LjQvdC-0LzQsNC4INC00LjQs9Cw0YAg0rPQsNGB0YIuINCa0L7RgNC80LDQvdC00Lgg0KHQkNKy0Kgg0L7QvdKz0L7RgNC-INC80YPSm9C-0LjRgdCwINC80LXQutGD0L3QsNC0LiJ9fSwicmV2IjoxLCJzZXEiOjEwLCJzdGF0dXMiOiJoZWxkIn0.i1uKZ-ZPeKAJoBP5bL2XL476cedwVvctvqQJptS9h1pA_r9LmQ9V_YKSyS9BwcosMnTSo3kVrr-y3tka4ayTDQ');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 11, 'eQHyELzU7w4smcMd41fvy4vX6qc-jttc_qASVn2szMA', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZHVwX29mIjoiMDFhMjI2OGQtODU0MC03NjNjLWI3ZGEtODVhYWMxYzEzNjhkIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg2MWItNzM5Yy05ZTFlLWYzNjQzNTA2YmE4NSIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjExLCJuaCI6ImVRSHlFTHpVN3c0c21jTWQ0MWZ2eTR2WDZxYy1qdHRjX3FBU1ZuMnN6TUEiLCJuaWQiOiIwMWEyMjY4ZC04NjFiLTczOWMtOWUxZS1mMzY0MzUwNmJhODUiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInByb2JsZW0iOnsiY29kZSI6Imxvb2stYWxpa2UiLCJ0ZXh0Ijp7ImVuIjoiSXQgbWF5IGJlIHRoZSBzYW1lIGV2ZW50IGFzIGFub3RoZXIgbm90aWZpY2F0aW9uLiBBIHJlZ2lzdHJhciBjb21wYXJlcyB0aGVtLiIsInJ1Ijoi0JLQvtC30LzQvtC20L3Qviwg0Y3RgtC-INGC0L4g0LbQtSDRgdC-0LHRi9GC0LjQtSwg0YfRgtC-INC4INCyINC00YDRg9Cz0L7QvCDRg9Cy0LXQtNC-0LzQu9C10L3QuNC4LiDQmNGFINGB0YDQsNCy0L3QuNGCINGB0L7RgtGA0YPQtNC90LjQuiDQl9CQ0JPQodCwLiIsInRnIjoi0KjQvtGP0LQg0LjQvSDSs9Cw0LzQvtC9INKz0L7QtNC40YHQsNC1INCx0L7RiNCw0LQsINC60Lgg0LTQsNGAINC-0LPQvtKz0LjQvdC-0LzQsNC4INC00LjQs9Cw0YAg0rPQsNGB0YIuINCa0L7RgNC80LDQvdC00Lgg0KHQkNKy0Kgg0L7QvdKz0L7RgNC-INC80YPSm9C-0LjRgdCwINC80LXQutGD0L3QsNC0LiJ9fSwicmV2IjoxLCJzZXEiOjExLCJzdGF0dXMiOiJoZWxkIn0.wm3Pq5UaCLO4eAvd73INIwQQcYrXGMcKlDQN_sIAhjwC_0YnOIYAvSv8yIZ-wry1AQxZ-z0-Ic8ECy4cgq-7BQ');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 12, 'ZZZyEwpsrf2p4CRZQUtPZXfAAJdljaPSlTHZ8Cd-rwY', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg2NGQtNzc2OC05YjUyLTNkMTBjNzU2NTJhYiIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjEyLCJuaCI6IlpaWnlFd3BzcmYycDRDUlpRVXRQWlhmQUFKZGxqYVBTbFRIWjhDZC1yd1kiLCJuaWQiOiIwMWEyMjY4ZC04NjRkLTc3NjgtOWI1Mi0zZDEwYzc1NjUyYWIiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInByb2JsZW0iOnsiY29kZSI6InZpb2xlbnQtZGVhdGgiLCJ0ZXh0Ijp7ImVuIjoiQSB2aW9sZW50IGRlYXRoIHdpdGhvdXQgcG9saWNlIG51bWJlciBhbmQgZm9yZW5zaWMgZXhwZXJ0OiBhIHJlZ2lzdHJhciBkZWNpZGVzLiIsInJ1Ijoi0J3QsNGB0LjQu9GM0YHRgtCy0LXQvdC90LDRjyDRgdC80LXRgNGC0Ywg0LHQtdC3INC90L7QvNC10YDQsCDQvNC40LvQuNGG0LjQuCDQuCDQsdC10Lcg0YHRg9C00LXQsdC90L4t0LzQtdC00LjRhtC40L3RgdC60L7Qs9C-INGN0LrRgdC_0LXRgNGC0LA6INGA0LXRiNCw0LXRgiDRgdC-0YLRgNGD0LTQvdC40Log0JfQkNCT0KHQsC4iLCJ0ZyI6ItCS0LDRhNC-0YLQuCDQt9Ov0YDQvtCy0LDRgNC-0L3QsCDQsdC1INGA0LDSm9Cw0LzQuCDQvNC40LvQuNGC0YHQuNGPINCy0LAg0LrQvtGA0YjQuNC90L7RgdC4INGC0LjQsdCx0LjQuCDRgdGD0LTTozog0LrQvtGA0LzQsNC90LTQuCDQodCQ0rLQqCDSm9Cw0YDQvtGAINC80LXQutGD0L3QsNC0LiJ9fSwicmV2IjoxLCJzZXEiOjEyLCJzdGF0dXMiOiJoZWxkIn0.qKNLb7rrobGeLOJgxxPfRl28oNiTfr7YYDr_ahAguy6UOqGmINjWoQyjWzlpeRPbMjEHYsm-fw6XvLrbC4ObBg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 13, 'J2n_SHKKWwcI9WiM-PertQYgUv_r6fCbmqfeGywxLEw', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg2N2EtNzNlOC1hY2RjLWRjZDFmMTI0NWY1MyIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjEzLCJuaCI6Ikoybl9TSEtLV3djSTlXaU0tUGVydFFZZ1V2X3I2ZkNibXFmZUd5d3hMRXciLCJuaWQiOiIwMWEyMjY4ZC04NjdhLTczZTgtYWNkYy1kY2QxZjEyNDVmNTMiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInByb2JsZW0iOnsiY29kZSI6InZpb2xlbnQtZGVhdGgiLCJ0ZXh0Ijp7ImVuIjoiQSB2aW9sZW50IGRlYXRoIHdpdGhvdXQgcG9saWNlIG51bWJlciBhbmQgZm9yZW5zaWMgZXhwZXJ0OiBhIHJlZ2lzdHJhciBkZWNpZGVzLiIsInJ1Ijoi0J3QsNGB0LjQu9GM0YHRgtCy0LXQvdC90LDRjyDRgdC80LXRgNGC0Ywg0LHQtdC3INC90L7QvNC10YDQsCDQvNC40LvQuNGG0LjQuCDQuCDQsdC10Lcg0YHRg9C00LXQsdC90L4t0LzQtdC00LjRhtC40L3RgdC60L7Qs9C-INGN0LrRgdC_0LXRgNGC0LA6INGA0LXRiNCw0LXRgiDRgdC-0YLRgNGD0LTQvdC40Log0JfQkNCT0KHQsC4iLCJ0ZyI6ItCS0LDRhNC-0YLQuCDQt9Ov0YDQvtCy0LDRgNC-0L3QsCDQsdC1INGA0LDSm9Cw0LzQuCDQvNC40LvQuNGC0YHQuNGPINCy0LAg0LrQvtGA0YjQuNC90L7RgdC4INGC0LjQsdCx0LjQuCDRgdGD0LTTozog0LrQvtGA0LzQsNC90LTQuCDQodCQ0rLQqCDSm9Cw0YDQvtGAINC80LXQutGD0L3QsNC0LiJ9fSwicmV2IjoxLCJzZXEiOjEzLCJzdGF0dXMiOiJoZWxkIn0.bYua0obt6icOxEj-gJY0IxT76meVNUh00fRVo0d2cRfVaAg7V7a6sfYk84KXnwxDhB-By570DrFwECNFkyUyAQ');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 14, '9KEkAs5bfbCLfjfeOVYoROFgTUAKvQwNok64Qsn-N4s', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZHVwX29mIjoiMDFhMjI2OGQtODY3YS03M2U4LWFjZGMtZGNkMWYxMjQ1ZjUzIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg2YTMtNzVkNC05NmI4LWVlYTRmNzAwYTE4OSIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjE0LCJuaCI6IjlLRWtBczViZmJDTGZqZmVPVllvUk9GZ1RVQUt2UXdOb2s2NFFzbi1ONHMiLCJuaWQiOiIwMWEyMjY4ZC04NmEzLTc1ZDQtOTZiOC1lZWE0ZjcwMGExODkiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInByb2JsZW0iOnsiY29kZSI6InZpb2xlbnQtZGVhdGgiLCJ0ZXh0Ijp7ImVuIjoiQSB2aW9sZW50IGRlYXRoIHdpdGhvdXQgcG9saWNlIG51bWJlciBhbmQgZm9yZW5zaWMgZXhwZXJ0OiBhIHJlZ2lzdHJhciBkZWNpZGVzLiIsInJ1Ijoi0J3QsNGB0LjQu9GM0YHRgtCy0LXQvdC90LDRjyDRgdC80LXRgNGC0Ywg0LHQtdC3INC90L7QvNC10YDQsCDQvNC40LvQuNGG0LjQuCDQuCDQsdC10Lcg0YHRg9C00LXQsdC90L4t0LzQtdC00LjRhtC40L3RgdC60L7Qs9C-INGN0LrRgdC_0LXRgNGC0LA6INGA0LXRiNCw0LXRgiDRgdC-0YLRgNGD0LTQvdC40Log0JfQkNCT0KHQsC4iLCJ0ZyI6ItCS0LDRhNC-0YLQuCDQt9Ov0YDQvtCy0LDRgNC-0L3QsCDQsdC1INGA0LDSm9Cw0LzQuCDQvNC40LvQuNGC0YHQuNGPINCy0LAg0LrQvtGA0YjQuNC90L7RgdC4INGC0LjQsdCx0LjQuCDRgdGD0LTTozog0LrQvtGA0LzQsNC90LTQuCDQodCQ0rLQqCDSm9Cw0YDQvtGAINC80LXQutGD0L3QsNC0LiJ9fSwicmV2IjoxLCJzZXEiOjE0LCJzdGF0dXMiOiJoZWxkIn0.y1THmo_e7Kz8fH4NV8CBxI_Mp5BoPUV2UmDJghvdmgMX0O6eJA_OJWIhYe1XvbCTLBIa8IPdI34JFBKDpl33Cw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 15, 'cXmtFA7yWaoYwFAUwf3LeL1Uq0shC7RTRmdt9LoQLtU', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg2ZTUtNzZhZC1iMGMxLWUyZjBlNzQxNjgwOSIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjE1LCJuaCI6ImNYbXRGQTd5V2FvWXdGQVV3ZjNMZUwxVXEwc2hDN1JUUm1kdDlMb1FMdFUiLCJuaWQiOiIwMWEyMjY4ZC04NmU1LTc2YWQtYjBjMS1lMmYwZTc0MTY4MDkiLCJwcm9ibGVtIjp7ImNvZGUiOiJEMDYiLCJmaWVsZCI6ImRlY2Vhc2VkLmJvcm4iLCJ0ZXh0Ijp7ImVuIjoiQW4gYWdlIG9mIDExMiBpcyBub3QgcG9zc2libGUgKHVwIHRvIDExMCB5ZWFycykuIENvcnJlY3QgdGhlIGRhdGUgb2YgYmlydGggb3IgdGhlIGFnZS4iLCJydSI6ItCS0L7Qt9GA0LDRgdGCIDExMiDQvdC10LLQvtC30LzQvtC20LXQvSAo0LTQviAxMTAg0LvQtdGCKS4g0JjRgdC_0YDQsNCy0YzRgtC1INC00LDRgtGDINGA0L7QttC00LXQvdC40Y8g0LjQu9C4INCy0L7Qt9GA0LDRgdGCLiIsInRnIjoi0KHQuNC90L3QuCAxMTIg0YHQvtC7INC40LzQutC-0L0g0L3QsNC00L7RgNCw0LQgKNGC0L4gMTEwINGB0L7QuykuINCh0LDQvdCw0Lgg0YLQsNCy0LDQu9C70YPQtCDRkSDRgdC40L3QvdGDINGB0L7Qu9GA0L4g0LjRgdC70L7SsyDQutGD0L3QtdC0LiJ9fSwicmV2IjoxLCJzZXEiOjE1LCJzdGF0dXMiOiJyZXR1cm5lZCJ9.DPLrKrSwcRpTqkMn64AqmMkgJSAHwwJR7hZUXDf1tkyJei73hfQON6LXXia14ljpzmU1N_enzxtD1rK_TszeBQ');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 16, 'smjuZ_NDsXqLtgR1hRecGfZTnFnpZDkgZrU6g4V34dg', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg3MDctNzZhZC1iYjljLWQ5OWViOTY5YWNmOCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjE2LCJuaCI6InNtanVaX05Ec1hxTHRnUjFoUmVjR2ZaVG5GbnBaRGtnWnJVNmc0VjM0ZGciLCJuaWQiOiIwMWEyMjY4ZC04NzA3LTc2YWQtYmI5Yy1kOTllYjk2OWFjZjgiLCJwcm9ibGVtIjp7ImNvZGUiOiJrZXktdW5jb25maXJtZWQiLCJ0ZXh0Ijp7ImVuIjoiVGhlIGtleSBvZiDSktCw0YTRg9GA0L7QsiDQo9C80LXQtCB3YXMgZ2l2ZW4gYnkg0J3QsNC30LDRgNC30L7QtNCwINCd0LjQs9C-0YDQsCDQqNCw0YDQuNGE0L7QstC90LAgYW5kIHdhaXRzIGZvciB0aGUgcmVnaXN0cnkgdG8gY29uZmlybSBpdC4iLCJydSI6ItCa0LvRjtGHINGA0LDQsdC-0YLQvdC40LrQsCDCq9KS0LDRhNGD0YDQvtCyINCj0LzQtdC0wrsg0LLRi9C00LDQuyjQsCkg0J3QsNC30LDRgNC30L7QtNCwINCd0LjQs9C-0YDQsCDQqNCw0YDQuNGE0L7QstC90LA7INC20LTRkdGCINC_0L7QtNGC0LLQtdGA0LbQtNC10L3QuNGPINCX0JDQk9Ch0LAuIiwidGciOiLQmtCw0LvQuNC00Lgg0pLQsNGE0YPRgNC-0LIg0KPQvNC10LQt0YDQviDQndCw0LfQsNGA0LfQvtC00LAg0J3QuNCz0L7RgNCwINCo0LDRgNC40YTQvtCy0L3QsCDQtNC-0LTQsNCw0YHRgjsg0YLQsNGB0LTQuNKb0Lgg0KHQkNKy0Kgg0LjQvdGC0LjQt9C-0YAg0LDRgdGCLiJ9fSwicmV2IjoxLCJzZXEiOjE2LCJzdGF0dXMiOiJoZWxkIn0.FALeetbKLYiivsoRfXNUVNfLBAimlW3DktzTFLpOwsICzKLM-KOnSyHpkkXeQbJryxIrq0Dh5UFoa3EX548lBg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 17, 'Z805mVbNBNtdVkOJ5JVKRxmbfKC8JcKwVCLmsM33ffk', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg3MjYtNzc1Zi05MjFmLWEyM2Q4ZmI1MzRiMSIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjE3LCJuaCI6Ilo4MDVtVmJOQk50ZFZrT0o1SlZLUnhtYmZLQzhKY0t3VkNMbXNNMzNmZmsiLCJuaWQiOiIwMWEyMjY4ZC04NzI2LTc3NWYtOTIxZi1hMjNkOGZiNTM0YjEiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInJlZ19ubyI6IlRKLUtULTAxLTIwMjYtRC0wMDAwMDEiLCJyZXYiOjEsInNlcSI6MTcsInN0YXR1cyI6InJlZ2lzdGVyZWQifQ.4YO9QZUsXKSZqknS7tl_QkGKrAVUO0s5SuFlVqdryB4ty8rpGCN-XaDXAO9kd112XPMR9aYqHYWDutJIu22ZDg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 18, 'qwshwcBzLMjNYdgVowsRCJkc4qIsuOASH9_lrBdmkVQ', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg3NDctNzFkMy1iYWY1LWFjNzM5ZWU0ZGQ1YiIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjE4LCJuaCI6InF3c2h3Y0J6TE1qTllkZ1Zvd3NSQ0prYzRxSXN1T0FTSDlfbHJCZG1rVlEiLCJuaWQiOiIwMWEyMjY4ZC04NzQ3LTcxZDMtYmFmNS1hYzczOWVlNGRkNWIiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInJlZ19ubyI6IlRKLUtULTAxLTIwMjYtRC0wMDAwMDIiLCJyZXYiOjEsInNlcSI6MTgsInN0YXR1cyI6InJlZ2lzdGVyZWQifQ.F2BPxfJi7HSYo6BijfpWO3FrP5X0bx2AaIXcEhUqkILoMpj1PXxbnDJhUlzq183xXTwgFc2SxPR_bW6oLgBIBg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 19, 'VZtsOfZwRsvKcBbswrhK6Wj0AV0pY__tOfsVq_dH6PM', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg3OGItNzE3Yy1iZmZiLTVlMmY5OWNiYmIzZCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjE5LCJuaCI6IlZadHNPZlp3UnN2S2NCYnN3cmhLNldqMEFWMHBZX190T2ZzVnFfZEg2UE0iLCJuaWQiOiIwMWEyMjY4ZC04NzhiLTcxN2MtYmZmYi01ZTJmOTljYmJiM2QiLCJvZmZpY2UiOiJUSi1LVC0wMSIsIm9wZW4iOlsiY2F1c2UiXSwicmVnX25vIjoiVEotS1QtMDEtMjAyNi1ELTAwMDAwMyIsInJldiI6MSwic2VxIjoxOSwic3RhdHVzIjoicmVnaXN0ZXJlZCJ9.-rAKI5z6bIxCJoEONk-Lsukm58SM1iNDSY5ucz1Y2QM59z6nC7tKvma625llw9ADusyO_S3rDBn58kCdJpMeCA');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 20, 'qzaQJGnC519RnMnp8NN7Upwb-fxgP7RW_S5ycgB92wI', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg3ZjgtNzZkMS1hZmZhLTRmNjNlZTNiZDkwYyIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjIwLCJuaCI6InF6YVFKR25DNTE5Um5NbnA4Tk43VXB3Yi1meGdQN1JXX1M1eWNnQjkyd0kiLCJuaWQiOiIwMWEyMjY4ZC04N2Y4LTc2ZDEtYWZmYS00ZjYzZWUzYmQ5MGMiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInJlZ19ubyI6IlRKLUtULTAxLTIwMjYtRi0wMDAwMDEiLCJyZXYiOjEsInNlcSI6MjAsInN0YXR1cyI6InJlZ2lzdGVyZWQifQ.2dpzB-8zRQPnUjDE6DxQlaSw3_8M1DhaptM4ReeRIKMx4aawORl0OiAfcK7QGvW5XXlb6Dx5tWAZtLhAjRcmDA');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 21, 'S1JT1oDPlTwRvlzInRs-ZJbr_QTy3ecrXnf6Nxp9hGU', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg4MmEtNzRlMC05NjI4LTAxYzJlNDlmZTc1NCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjIxLCJuaCI6IlMxSlQxb0RQbFR3UnZsekluUnMtWkpicl9RVHkzZWNyWG5mNk54cDloR1UiLCJuaWQiOiIwMWEyMjY4ZC04ODJhLTc0ZTAtOTYyOC0wMWMyZTQ5ZmU3NTQiLCJvZmZpY2UiOiJUSi1LVC0wMSIsIm9wZW4iOlsibmFtZSJdLCJyZWdfbm8iOiJUSi1LVC0wMS0yMDI2LUItMDAwMDA1IiwicmV2IjoxLCJzZXEiOjIxLCJzdGF0dXMiOiJyZWdpc3RlcmVkIn0._FIUf-ivHDUMaYCTg9TMh6mwyh6Q6aiTFru0bB2VOPc3cIFIkPu3hJ73TdBddpWr3SPTAXss9EFZv3ZKWMFvAw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 22, 'B1goCr6diZ18VzUeg4LhWymCIlP1xfp9iKKcpYc_21c', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuNDUwOTc5NzgyKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQjFnb0NyNmRpWjE4VnpVZWc0TGhXeW1DSWxQMXhmcDlpS0tjcFljXzIxYyIsInNlcSI6MjJ9LCJpZCI6IjAxYTIyNjhkLTg4NjQtNzc1YS04ZTY5LWYzZWU0MDliZGFlNiIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjIyLCJuaCI6IkIxZ29DcjZkaVoxOFZ6VWVnNExoV3ltQ0lsUDF4ZnA5aUtLY3BZY18yMWMiLCJuaWQiOiIwMWEyMjY4ZC04ODY0LTc3NWEtOGU2OS1mM2VlNDA5YmRhZTYiLCJvZmZpY2UiOiJUSi1LVC0wMSIsIm9wZW4iOlsibmFtZSJdLCJyZWdfbm8iOiJUSi1LVC0wMS0yMDI2LUItMDAwMDA2IiwicmV2IjoxLCJzZXEiOjIyLCJzdGF0dXMiOiJyZWdpc3RlcmVkIn0.vfDt0HYYTAyLddY2oIsfhJyMy448ni8Eu2SSQpsOJWfWM4v2XC9U3YVr7LCMD8xsySgssjSqK_Q4UABe3vn_Cg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 23, 'ilselsg2tPQZ81FTDb_Mwm7fbMPTnjz-Aqw0XjyBH1Y', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuOTI4Nzg1NDkzKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQUFRRm1wNlRpTzJmUTVGWm0zM09JVDlfZWZDUFdzQmhpYWpsc1FkbjAyTSIsInNlcSI6Mjh9LCJpZCI6IjAxYTIyNjhkLTg5NWItNzJjOS05Y2U1LWY2MzI0MjA5MGIyNyIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjIzLCJuaCI6Imlsc2Vsc2cydFBRWjgxRlREYl9Nd203ZmJNUFRuanotQXF3MFhqeUJIMVkiLCJuaWQiOiIwMWEyMjY4ZC04ODJhLTc0ZTAtOTYyOC0wMWMyZTQ5ZmU3NTQiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInJlZ19ubyI6IlRKLUtULTAxLTIwMjYtQi0wMDAwMDUiLCJyZXYiOjEsInNlcSI6MjQsInN0YXR1cyI6InZvaWRlZCJ9.rrfM8I-LdKiVOLWlsxrf8nHO_Kv5VZpeAWue28RCA2pYr60avPDTclCarxEdBxB_HaHvKK0It0Gc0J7UcY71Dw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 24, '4w3FwOlsCXJTLlMExaLUM3Fhgq-gVuD0sXRHyQpiIBM', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuOTI4Nzg1NDkzKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQUFRRm1wNlRpTzJmUTVGWm0zM09JVDlfZWZDUFdzQmhpYWpsc1FkbjAyTSIsInNlcSI6Mjh9LCJpZCI6IjAxYTIyNjhkLTg5YTctNzdjNy05Y2UxLThjMWNkYzM5NzQwOCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjI0LCJuaCI6IjR3M0Z3T2xzQ1hKVExsTUV4YUxVTTNGaGdxLWdWdUQwc1hSSHlRcGlJQk0iLCJuaWQiOiIwMWEyMjY4ZC04ODY0LTc3NWEtOGU2OS1mM2VlNDA5YmRhZTYiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInByb2JsZW0iOnsiY29kZSI6ImFubnVsbWVudCIsInRleHQiOnsiZW4iOiJBbm51bGxlZDsgYSBzZWNvbmQgcGVyc29uIHN0aWxsIGhhcyB0byBjb25maXJtLiIsInJ1Ijoi0JDQvdC90YPQu9C40YDQvtCy0LDQvdC-OyDQtdGJ0ZEg0LTQvtC70LbQtdC9INC_0L7QtNGC0LLQtdGA0LTQuNGC0Ywg0LLRgtC-0YDQvtC5INGH0LXQu9C-0LLQtdC6LiIsInRnIjoi0JHQtdC60L7RgCDQutCw0YDQtNCwINGI0YPQtDsg0YjQsNGF0YHQuCDQtNGD0Y7QvCDQsdC-0Y_QtCDRgtCw0YHQtNC40psg0LrRg9C90LDQtC4ifX0sInJlZ19ubyI6IlRKLUtULTAxLTIwMjYtQi0wMDAwMDYiLCJyZXYiOjEsInNlcSI6MjUsInN0YXR1cyI6ImFubnVsbWVudC1wZW5kaW5nIn0.E0alaCbt3o3Y6v9Bf3Tb7tWgvxfLEXHvSSkcDTkXn2cmCoBFnwELgjsQqpRiizMh3vkoMAhdrWMLS5d08zoBAg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 25, '6Yk3IrUfY2T6h7ziLaTvOjANjdLq8sj3vuZKBpzfo4o', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuOTI4Nzg1NDkzKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQUFRRm1wNlRpTzJmUTVGWm0zM09JVDlfZWZDUFdzQmhpYWpsc1FkbjAyTSIsInNlcSI6Mjh9LCJpZCI6IjAxYTIyNjhkLTg5ZDctNzVhMS1hOTU0LTAzZDZlODE2Zjc5OSIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjI1LCJuaCI6IjZZazNJclVmWTJUNmg3emlMYVR2T2pBTmpkTHE4c2ozdnVaS0JwemZvNG8iLCJuaWQiOiIwMWEyMjY4ZC04ODJhLTc0ZTAtOTYyOC0wMWMyZTQ5ZmU3NTQiLCJyZXYiOjEsInNlcSI6MjYsInN0YXR1cyI6InJlY2VpdmVkIn0.AUl1AtD9Az7zf2nzalwYXoySi7MvaKJs73hGb1IUenu_SJvkn6wrZMYtFdPLQ6GwmgfsImZSwhk9UDqB2NCVBg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 26, 'lquHMp5D5H-5Qb0nTJh9xyoKNs-dhgpFYpeBkQm4SR4', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuOTI4Nzg1NDkzKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQUFRRm1wNlRpTzJmUTVGWm0zM09JVDlfZWZDUFdzQmhpYWpsc1FkbjAyTSIsInNlcSI6Mjh9LCJpZCI6IjAxYTIyNjhkLTg5MDMtNzQ0Yy04Njg3LTMwZjkwMDMyYmNkNCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjI2LCJuaCI6ImxxdUhNcDVENUgtNVFiMG5USmg5eHlvS05zLWRoZ3BGWXBlQmtRbTRTUjQiLCJuaWQiOiIwMWEyMjY4ZC04NGUxLTc2NmUtOGRiMC1hNGE5MmMzYWNiZTIiLCJvZmZpY2UiOiJUSi1LVC0wMSIsInJlZ19ubyI6IlRKLUtULTAxLTIwMjYtQi0wMDAwMDEiLCJyZXYiOjIsInNlcSI6MjMsInN0YXR1cyI6InJlZ2lzdGVyZWQifQ._71yUb4x4FcQNNeD133sxeP3uY9UQYmB5RAdExQurNLiHl0ThfA1biTxOD7a1IjA_sT6qIFwRfpJs3M7Qv7TCg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 27, 'T5wzHchoUwp0Q7SvQxHVdYyDye_PtrjIv9mV1ZOfozg', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuOTI4Nzg1NDkzKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQUFRRm1wNlRpTzJmUTVGWm0zM09JVDlfZWZDUFdzQmhpYWpsc1FkbjAyTSIsInNlcSI6Mjh9LCJpZCI6IjAxYTIyNjhkLThhMGYtNzA1MS1iOWZlLTFlY2ZiMjM0MTJkNCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjI3LCJuaCI6IlQ1d3pIY2hvVXdwMFE3U3ZReEhWZFl5RHllX1B0cmpJdjltVjFaT2ZvemciLCJuaWQiOiIwMWEyMjY4ZC04YTBmLTcwNTEtYjlmZS0xZWNmYjIzNDEyZDQiLCJyZXYiOjEsInNlcSI6MjcsInN0YXR1cyI6InJlY2VpdmVkIn0.4sxZ6BP7fH-LOE86C5xbTJ8Jf3KEWYrv2i7ghx1JhH1mYvra5RTGLt5_8pP_WpUsttiyV6EFl-UTW_q3EqDBBA');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 28, 'AAQFmp6TiO2fQ5FZm33OIT9_efCPWsBhiajlsQdn02M', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzkuOTI4Nzg1NDkzKzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiQUFRRm1wNlRpTzJmUTVGWm0zM09JVDlfZWZDUFdzQmhpYWpsc1FkbjAyTSIsInNlcSI6Mjh9LCJpZCI6IjAxYTIyNjhkLThhNGEtNzRlYy05MjNlLWIzM2M1NGViODQ0NCIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjI4LCJuaCI6IkFBUUZtcDZUaU8yZlE1RlptMzNPSVQ5X2VmQ1BXc0JoaWFqbHNRZG4wMk0iLCJuaWQiOiIwMWEyMjY4ZC04YTBmLTcwNTEtYjlmZS0xZWNmYjIzNDEyZDQiLCJyZXYiOjIsInNlcSI6MjgsInN0YXR1cyI6InJlY2VpdmVkIn0.q8RafGfwb_2XBWICSYXn8XEjofkNiLSvQ2W5u7hPFHbXke-EmzPdlv9RW7vhcfUgZ1NNXI4_4zVMncRYa-PCCw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 29, 'y5Ze8utW-QpaMTJ9Ww63Ll-lIIFJLi93zivut3sK1oQ', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6NDMuNzU1MDMwODc0KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiMFFKd3VSc2E5SXVvZmpvZFNQcFE3UWVXRS1qUWdBQ0xoRGt4NThMdDNVOCIsInNlcSI6MzB9LCJpZCI6IjAxYTIyNjhkLTk3ZTEtNzNjZi1iOTYxLTYzYjA3M2E4ODM0MyIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjI5LCJuaCI6Ink1WmU4dXRXLVFwYU1USjlXdzYzTGwtbElJRkpMaTkzeml2dXQzc0sxb1EiLCJuaWQiOiIwMWEyMjY4ZC05N2UxLTczY2YtYjk2MS02M2IwNzNhODgzNDMiLCJvZmZpY2UiOiJUSi1LVC0wMSIsIm9wZW4iOlsiZG9jdW1lbnQiXSwicmVnX25vIjoiVEotS1QtMDEtMjAyNi1GLTAwMDAwMiIsInJldiI6MSwic2VxIjoyOSwic3RhdHVzIjoicmVnaXN0ZXJlZCJ9.8L1EL8EpdYGop9Wz63bQFl592MfwznH78rVxC7invYT--k8L7JP9wXnypsEpe39bWALe9zwjCXdWHcli7kKGBg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 30, '0QJwuRsa9IuofjodSPpQ7QeWE-jQgACLhDkx58Lt3U8', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6NDMuNzU1MDMwODc0KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiMFFKd3VSc2E5SXVvZmpvZFNQcFE3UWVXRS1qUWdBQ0xoRGt4NThMdDNVOCIsInNlcSI6MzB9LCJpZCI6IjAxYTIyNjhkLThiNDktNzJlYi04ZjdkLWQzMzg5YWUzNzNiMiIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjMwLCJuaCI6IjBRSnd1UnNhOUl1b2Zqb2RTUHBRN1FlV0UtalFnQUNMaERreDU4THQzVTgiLCJuaWQiOiIwMWEyMjY4ZC04YjQ5LTcyZWItOGY3ZC1kMzM4OWFlMzczYjIiLCJvZmZpY2UiOiJUSi1LVC0wMSIsIm9wZW4iOlsibmFtZSIsImZhdGhlciIsImRvY3VtZW50Il0sInJlZ19ubyI6IlRKLUtULTAxLTIwMjYtQi0wMDAwMDciLCJyZXYiOjEsInNlcSI6MzAsInN0YXR1cyI6InJlZ2lzdGVyZWQifQ.Ey9ylDr5fannpPTX34PzRDbVFKmTcLvSYUabDzOIWcRHFSqZBxtzuBukHce4O6YErK653L2bzgXYUiByPMzWDQ');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 31, 'LnEDLcEJ7bFW_rmgMuSZTpvzGqTWQ2qDd8QsVU2U3ac', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6NTAuMjMyOTUxNTY3KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiMVJweVdGYnB2eTJCUV84T1lWeXZIcDR5LWtjdlgyUDRXYS1lV1N5RDMyayIsInNlcSI6MzJ9LCJpZCI6IjAxYTIyNjhkLTk5YzAtNzdiZi04ODcxLTVjMWUzODUzYzEyYiIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjMxLCJuaCI6IkxuRURMY0VKN2JGV19ybWdNdVNaVHB2ekdxVFdRMnFEZDhRc1ZVMlUzYWMiLCJuaWQiOiIwMWEyMjY4ZC05OWMwLTc3YmYtODg3MS01YzFlMzg1M2MxMmIiLCJvZmZpY2UiOiJUSi1LVC0wMSIsIm9wZW4iOlsibmFtZSIsImZhdGhlciIsImRvY3VtZW50Il0sInJlZ19ubyI6IlRKLUtULTAxLTIwMjYtQi0wMDAwMDgiLCJyZXYiOjEsInNlcSI6MzEsInN0YXR1cyI6InJlZ2lzdGVyZWQifQ.ASd3Gl0RyJy5wFqM26dyuGS0Gq2cBPk7VEc_vT1xe9hwYjJlaaOaPn1Um0eGQ5lsoD5Txhtwhkwzz2olTg-uCw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 32, '1RpyWFbpvy2BQ_8OYVyvHp4y-kcvX2P4Wa-eWSyD32k', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6NTAuMjMyOTUxNTY3KzA1OjAwIiwiYnkiOiJhdXRvIiwiZmFjIjoiVEotS1QtQk9YLTAxIiwiaGVhZCI6eyJoIjoiMVJweVdGYnB2eTJCUV84T1lWeXZIcDR5LWtjdlgyUDRXYS1lV1N5RDMyayIsInNlcSI6MzJ9LCJpZCI6IjAxYTIyNjhkLWExNzItNzY2Ny04NTZhLWU1MDQwZGRlNTFjNyIsImppZCI6IjAxYTIyNjhkLTg0MDMtNzIxYy1iMjNiLTJhYjljNTlmYmY4NSIsIm4iOjMyLCJuaCI6IjFScHlXRmJwdnkyQlFfOE9ZVnl2SHA0eS1rY3ZYMlA0V2EtZVdTeUQzMmsiLCJuaWQiOiIwMWEyMjY4ZC1hMTcyLTc2NjctODU2YS1lNTA0MGRkZTUxYzciLCJvZmZpY2UiOiJUSi1LVC0wMSIsIm9wZW4iOlsiZG9jdW1lbnQiXSwicmVnX25vIjoiVEotS1QtMDEtMjAyNi1ELTAwMDAwNCIsInJldiI6MSwic2VxIjozMiwic3RhdHVzIjoicmVnaXN0ZXJlZCJ9.E65b8qJu_cw7lL2zCWnvKfbX5zKI_qfaUDlYNyUTcvbLhIhGNdYX5fPoytQr6b2TdcrJDKKt7LJr87BR_00NCg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 33, '_3nwUNK7T2YluuMwUW1QJMg7kvtpd38Tt9fADPzDHfw', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6NTMuNDI5ODE0NTQxKzA1OjAwIiwiYnkiOiJyZWdpc3RyYXIiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJoZWFkIjp7ImgiOiIxUnB5V0ZicHZ5MkJRXzhPWVZ5dkhwNHkta2N2WDJQNFdhLWVXU3lEMzJrIiwic2VxIjozMn0sImlkIjoiMDFhMjI2OGQtODUwMi03MmM2LWExNGUtZjU1MDI5MmZmMTFkIiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6MzMsIm5oIjoiXzNud1VOSzdUMllsdXVNd1VXMVFKTWc3a3Z0cGQzOFR0OWZBRFB6REhmdyIsIm5pZCI6IjAxYTIyNjhkLTg1MDItNzJjNi1hMTRlLWY1NTAyOTJmZjExZCIsIm9mZmljZSI6IlRKLUtULTAxIiwicmVnX25vIjoiVEotS1QtMDEtMjAyNi1CLTAwMDAwMiIsInJldiI6MSwic2VxIjo3LCJzdGF0dXMiOiJyZWdpc3RlcmVkIn0.1iXbO4rXAqtWp_xzJ0TiMviRje0uVvWMcYWd9QZEM_2wAVFA9gapx_RbHZml9_hZnDc4ctBj8HADXYJBNSEcDg');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 34, '_3nwUNK7T2YluuMwUW1QJMg7kvtpd38Tt9fADPzDHfw', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6NTMuNDMyODA3NTM1KzA1OjAwIiwiYnkiOiJyZWdpc3RyYXIiLCJjZXJ0IjoiMjAyNi0xMS0yOSIsImZhYyI6IlRKLUtULUJPWC0wMSIsImhlYWQiOnsiaCI6IjFScHlXRmJwdnkyQlFfOE9ZVnl2SHA0eS1rY3ZYMlA0V2EtZVdTeUQzMmsiLCJzZXEiOjMyfSwiaWQiOiIwMWEyMjY4ZC04NTAyLTcyYzYtYTE0ZS1mNTUwMjkyZmYxMWQiLCJqaWQiOiIwMWEyMjY4ZC04NDAzLTcyMWMtYjIzYi0yYWI5YzU5ZmJmODUiLCJuIjozNCwibmgiOiJfM253VU5LN1QyWWx1dU13VVcxUUpNZzdrdnRwZDM4VHQ5ZkFEUHpESGZ3IiwibmlkIjoiMDFhMjI2OGQtODUwMi03MmM2LWExNGUtZjU1MDI5MmZmMTFkIiwib2ZmaWNlIjoiVEotS1QtMDEiLCJyZWdfbm8iOiJUSi1LVC0wMS0yMDI2LUItMDAwMDAyIiwicmV2IjoxLCJzZXEiOjcsInN0YXR1cyI6ImNlcnRpZmljYXRlLWlzc3VlZCJ9.8qi2GLr4HMSehaWyqD5gsS9U1MUE6vwQXxlORBjzsXWYcEfe-tz-LGlQAOVbhgCj8ZQXNxVBw3knJUBtdD4BDw');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 35, '9KEkAs5bfbCLfjfeOVYoROFgTUAKvQwNok64Qsn-N4s', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6NTMuNDM4ODk2NDE3KzA1OjAwIiwiYnkiOiJyZWdpc3RyYXIiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJoZWFkIjp7ImgiOiIxUnB5V0ZicHZ5MkJRXzhPWVZ5dkhwNHkta2N2WDJQNFdhLWVXU3lEMzJrIiwic2VxIjozMn0sImlkIjoiMDFhMjI2OGQtODZhMy03NWQ0LTk2YjgtZWVhNGY3MDBhMTg5IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6MzUsIm5oIjoiOUtFa0FzNWJmYkNMZmpmZU9WWW9ST0ZnVFVBS3ZRd05vazY0UXNuLU40cyIsIm5pZCI6IjAxYTIyNjhkLTg2YTMtNzVkNC05NmI4LWVlYTRmNzAwYTE4OSIsInByb2JsZW0iOnsiY29kZSI6InJlZ2lzdHJhciIsInRleHQiOnsiZW4iOiJUaGUgcmVnaXN0cmFyIHNlbnQgaXQgYmFjazog0KDQsNKb0LDQvNC4INC_0LDRgNCy0LDQvdC00LDQuCDQutC-0YDSs9C-0Lgg0LTQvtGF0LjQu9C40YDQviDQvdCw0LLQuNGB0LXQtCIsInJ1Ijoi0KHQvtGC0YDRg9C00L3QuNC6INCX0JDQk9Ch0LAg0LLQtdGA0L3Rg9C7OiDQoNCw0pvQsNC80Lgg0L_QsNGA0LLQsNC90LTQsNC4INC60L7RgNKz0L7QuCDQtNC-0YXQuNC70LjRgNC-INC90LDQstC40YHQtdC0IiwidGciOiLQmtC-0YDQvNCw0L3QtNC4INCh0JDSstCoINCx0LDRgNCz0LDRgNC00L7QvdC0OiDQoNCw0pvQsNC80Lgg0L_QsNGA0LLQsNC90LTQsNC4INC60L7RgNKz0L7QuCDQtNC-0YXQuNC70LjRgNC-INC90LDQstC40YHQtdC0In19LCJyZXYiOjEsInNlcSI6MTQsInN0YXR1cyI6InJldHVybmVkIn0.P-1XbNx4IbKUA_SQi049XnbR7SxKciUJyxcUULoGa66QyDSkbxxpKdBD79Tf_gQ03PanVy_Ny--pX8rYslE2DQ');
INSERT INTO public.receipt VALUES ('TJ-KT-BOX-01', 36, 'eQHyELzU7w4smcMd41fvy4vX6qc-jttc_qASVn2szMA', 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1DUTV1LVhHRlMwMlFxbkFyVmJhY2xMMVFqMW9FSDZQYVljcHJENEhHM1EiLCJ0eXAiOiJvZ29oLXJlY2VpcHQrandzIn0.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6NTMuNDQ1MDA1NjA5KzA1OjAwIiwiYnkiOiJyZWdpc3RyYXIiLCJkdXBfb2YiOiIwMWEyMjY4ZC04NTQwLTc2M2MtYjdkYS04NWFhYzFjMTM2OGQiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJoZWFkIjp7ImgiOiIxUnB5V0ZicHZ5MkJRXzhPWVZ5dkhwNHkta2N2WDJQNFdhLWVXU3lEMzJrIiwic2VxIjozMn0sImlkIjoiMDFhMjI2OGQtODYxYi03MzljLTllMWUtZjM2NDM1MDZiYTg1IiwiamlkIjoiMDFhMjI2OGQtODQwMy03MjFjLWIyM2ItMmFiOWM1OWZiZjg1IiwibiI6MzYsIm5oIjoiZVFIeUVMelU3dzRzbWNNZDQxZnZ5NHZYNnFjLWp0dGNfcUFTVm4yc3pNQSIsIm5pZCI6IjAxYTIyNjhkLTg2MWItNzM5Yy05ZTFlLWYzNjQzNTA2YmE4NSIsIm9mZmljZSI6IlRKLUtULTAxIiwicmVnX25vIjoiVEotS1QtMDEtMjAyNi1CLTAwMDAwNCIsInJldiI6MSwic2VxIjoxMSwic3RhdHVzIjoiZHVwbGljYXRlIn0.67BWerRAQC1yS8ByiLFrqeZvMq59hapeoMJanlfcVDwGac_T0eMeXVUvp-4X1dMk0hbUpcqSHvv7h8F_LMO4BQ');


--
-- Data for Name: suspension; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: tally; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.tally VALUES ('TJ-KT-BOX-01', 24321, 1, 0, 0, 1795943139928);


--
-- Data for Name: trace; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.trace VALUES ('01a2268d-8502-72c6-a14e-f550292ff11d', '{"kind":"birth","surname":"баб","given":"мавзун","patronymic":"","document":"A01410101","phone":"918215797","born":"1999-12-01","day":[20785,20785],"time":340,"male":false,"weight":3420,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-07","father":"сухраб","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-8521-753f-bc92-7336b440bd68', '{"kind":"birth","surname":"заир","given":"нилуфар","patronymic":"","document":"A01410230","phone":"918989653","born":"1994-06-22","day":[20785,20785],"time":675,"male":true,"weight":3420,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-07","father":"сухраб","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-8540-763c-b7da-85aac1c1368d', '{"kind":"birth","surname":"алим","given":"рухшан","patronymic":"","document":"A01410344","phone":"918870868","born":"2000-02-29","day":[20785,20785],"time":751,"male":false,"weight":3420,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-07","father":"далир","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-85bc-7594-9809-fe8e8f5346d7', '{"kind":"birth","surname":"заир","given":"нилуфар","patronymic":"","document":"A01410237","phone":"918989653","born":"1994-06-22","day":[20785,20785],"time":678,"male":true,"weight":3420,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-07","father":"сухраб","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-861b-739c-9e1e-f3643506ba85', '{"kind":"birth","surname":"алим","given":"рухшан","patronymic":"","document":"A01410344","phone":"918870868","born":"2000-02-29","day":[20785,20785],"time":760,"male":false,"weight":3420,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-07","father":"далир","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-864d-7768-9b52-3d10c75652ab', '{"kind":"death","surname":"назар","given":"саидмурад","patronymic":"","document":"A16003451","phone":"","born":"1984-03-10","day":[20785,20785],"time":245,"male":true,"weight":null,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-867a-73e8-acdc-dcd1f1245f53', '{"kind":"death","surname":"фаиз","given":"карим","patronymic":"","document":"A16003452","phone":"","born":"1979-11-23","day":[20785,20785],"time":245,"male":true,"weight":null,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-86a3-75d4-96b8-eea4f700a189', '{"kind":"death","surname":"карим","given":"искандар","patronymic":"","document":"A16003453","phone":"","born":"1990-01-05","day":[20785,20785],"time":245,"male":true,"weight":null,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-8726-775f-921f-a23d8fb534b1', '{"kind":"death","surname":"ган","given":"кудратул","patronymic":"","document":"A00917335","phone":"","born":"1951-03-02","day":[20785,20785],"time":245,"male":true,"weight":null,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-8747-71d3-baf5-ac739ee4dd5b', '{"kind":"death","surname":"саид","given":"рузихул","patronymic":"","document":"A13002746","phone":"","born":"1995-01-06","day":[20785,20785],"time":390,"male":false,"weight":null,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-878b-717c-bffb-5e2f99cbbb3d', '{"kind":"death","surname":"рахман","given":"халмурад","patronymic":"","document":"A00917400","phone":"","born":"1949-09-09","day":[20785,20785],"time":245,"male":true,"weight":null,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-87f8-76d1-affa-4f63ee3bd90c', '{"kind":"foetal-death","surname":"усман","given":"малик","patronymic":"","document":"A07334519","phone":"","born":"1990-03-14","day":[20784,20784],"time":1172,"male":false,"weight":1960,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-07","father":"никруз","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-882a-74e0-9628-01c2e49fe754', '{"kind":"birth","surname":"сафар","given":"гулжихр","patronymic":"","document":"A01410500","phone":"918614067","born":"2003-07-12","day":[20785,20785],"time":785,"male":true,"weight":3420,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-07","father":"сухраб","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-8864-775a-8e69-f3ee409bdae6', '{"kind":"birth","surname":"мирз","given":"шахназ","patronymic":"","document":"A01410511","phone":"918083494","born":"1996-08-30","day":[20785,20785],"time":860,"male":true,"weight":3420,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-07","father":"жамшид","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-84e1-766e-8db0-a4a92c3acbe2', '{"kind":"birth","surname":"рахим","given":"сарвиназ","patronymic":"","document":"A01410027","phone":"918105951","born":"1998-04-17","day":[20784,20784],"time":192,"male":true,"weight":3420,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-07","father":"исмаил","child":"фаридун"}');
INSERT INTO public.trace VALUES ('01a2268d-8b49-72eb-8f7d-d3389ae373b2', '{"kind":"birth","surname":"шаназар","given":"фируз","patronymic":"","document":"","phone":"","born":"1993-02-11","day":[20786,20786],"time":845,"male":false,"weight":3350,"order":1,"set":"01a2268d-8b49-72eb-8f7d-d3389ae373b2","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-97e1-73cf-b961-63b073a88343', '{"kind":"foetal-death","surname":"шаназар","given":"фируз","patronymic":"","document":"","phone":"","born":"1993-02-11","day":[20786,20786],"time":845,"male":true,"weight":2610,"order":2,"set":"01a2268d-8b49-72eb-8f7d-d3389ae373b2","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-99c0-77bf-8871-5c1e3853c12b', '{"kind":"birth","surname":"наим","given":"фатим","patronymic":"","document":"","phone":"","born":"1997-05-05","day":[20786,20786],"time":845,"male":false,"weight":3350,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');
INSERT INTO public.trace VALUES ('01a2268d-a172-7667-856a-e5040dde51c7', '{"kind":"death","surname":"наим","given":"духтар","patronymic":"","document":"","phone":"","born":"2026-11-29","day":[20786,20786],"time":845,"male":false,"weight":3350,"order":null,"set":"","facility":"TJ-KT-BOX-01","district":"TJ-KT-01","father":"","child":""}');


--
-- Data for Name: trust; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.trust VALUES (1, 'eyJhbGciOiJFZERTQSIsImtpZCI6ImZqMmlTcW9xU3RseFg5cTBhdl9xUFhWUHNhQUdlU05YdW1CLXJyMVpONGsiLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzYuODcyNjI3NzQwKzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozNi44NzI2Mjc3NDArMDU6MDAiLCJraWQiOiItcjkwS0JWUExvMmYzVjJKc2VQd0VJRzFianpzM0prdWhKaXRDeVlrb1lnIiwid2hhdCI6InRydXN0IiwieCI6ImRrSDRFMkF6aTBIMnNhS0J3ZEZxZzdsVVlxTkVYS2FtY2s3TWVEUVA5QWsifSx7ImFsZyI6IkVkRFNBIiwiZnJvbSI6IjIwMjYtMTEtMjlUMTQ6MDU6MzYuODcyNjI3NzQwKzA1OjAwIiwia2lkIjoiLUNRNXUtWEdGUzAyUXFuQXJWYmFjbEwxUWoxb0VINlBhWWNwckQ0SEczUSIsIndoYXQiOiJyZWNlaXB0IiwieCI6Iks3eGd3Z19HdWNrQUhaMXNOMWZ3UjFOWVVrWWdCWWpwb01RMW81QktvakUifV0sIm51bWJlciI6MX0.54WlDV6dXq2trQcn5XJk9g11e3Lnk4a33Ka-9_EJmMipUaTKPmgp7yf95GKvz4czmfrkT7LBZekWR6fWm9f-Dw');
INSERT INTO public.trust VALUES (2, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMDg4NzQ3MzE4KzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4wODg3NDczMTgrMDU6MDAiLCJraWQiOiJtcEkxLTYzNFZ4NzRyekZWWTl3VlR5QWFMMW9PYm81Yk5xcVhwaFFjYmVJIiwid2hhdCI6ImRldmljZSIsIngiOiJmdVZlUVVvc0doTEU3TlQ1QmFFakQzX20wakwxUXlUWmFtUERVbTM4T2RjIn1dLCJudW1iZXIiOjIsInByZXYiOiJubUg1NmNtRGpWQlB6aWdoT0NxWm85LU1iekR4bDZ2V1dJTjBYQjg3VTEwIn0.Ak4hPliHxSm800E5_JVkpivqPpuQxlrKcUHhAV7wr5cTCGNa-lPi_WUKg0hmjlWjotzBfphn_zKQ8C8BEmy8AA');
INSERT INTO public.trust VALUES (3, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMTA2NzY3NjE1KzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4xMDY3Njc2MTUrMDU6MDAiLCJraWQiOiJLSFNLakZSNDRUY0tBbXVCY054LW9uZVlrNG41TDFMNjdlUzNCSklTd2w0IiwibmFtZSI6ItCg0LjQt9C-0LXQstCwINCi06_RgtOjIiwicm9sZSI6ImNsZXJrIiwidXNyIjoiZGFmdGFyIiwid2hhdCI6InBlcnNvbiIsIngiOiI2NVlOQVhlWURsMkpqTS1JQjMtbkJuNHd0dG1FOEx5V2xWZjdQcHBSeGJVIn1dLCJudW1iZXIiOjMsInByZXYiOiJxSUhqbVNWdEVsZGpqaTMxTEpfalh2YTE3alM1R3AwUE5zRXNWWFdtdC1NIn0.fTv8NzUIRXrMBOHnIvyfx5lBCirSenkxgdX1MsAMx6t3WqPS-eJc9phPXzaRKED3j5YTmdcrqCyDxfugHgXUDQ');
INSERT INTO public.trust VALUES (4, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMTIwOTM3NDk5KzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4xMjA5Mzc0OTkrMDU6MDAiLCJraWQiOiJQSFc4bnJ4U2NwTnRjS2liUU5xcldOT1ctNHdmaU14dlhRNXB3VGFvLXNBIiwibmFtZSI6ItCQ0LHQtNGD0LvQu9C-0LfQvtC00LAg0KTQuNGA06_QtyIsInJvbGUiOiJkb2N0b3IiLCJ1c3IiOiJmaXJ1eiIsIndoYXQiOiJwZXJzb24iLCJ4IjoiZkx1U3BNUVpKcTZEY0lVUjBvS1hyQkw3T1lRVmlFVkFlWTMtaUVIZlhkYyJ9XSwibnVtYmVyIjo0LCJwcmV2IjoiOWFnYlVFSGdtQ0JHVmttUVpYeUctWGhrUW1pQy1yWjNLNHYtOF9UUzFBTSJ9.3t5nm3jCjrXCCJXcAqRg5VAsTYSlQEIz-XvqxIw5pqvAP3e8ZwS9snCX9YbS1ZgZ7wtF_76zcjU29Fyb7gcIBA');
INSERT INTO public.trust VALUES (5, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMTM0MDk2Njc2KzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4xMzQwOTY2NzYrMDU6MDAiLCJraWQiOiJYNlVSaF94UHhrMzhwOTNFRHlncUxHWVp2ZWZrWGZfZ2ludDF0cWhtXzN3IiwibmFtZSI6ItCo0LDRgNC40L_QvtCy0LAg0JPRg9C70L3QvtGAIiwicm9sZSI6Im1pZHdpZmUiLCJ1c3IiOiJndWxub3IiLCJ3aGF0IjoicGVyc29uIiwieCI6Im1sci1ETEY4MUtHWERWQUktV1o4QVlyZlpGZkYxM0pQai1Gbm42OVVDZEEifV0sIm51bWJlciI6NSwicHJldiI6Im5uYl81bllEeUIzb2o3OFZval9GZnhNXy1VMHNuWTRJTEpiVnljSFBoV0UifQ.40JqUUXZhWPngqTfwc2kknbCoiFFothQjbV9Ax9DeonYRqdpPq6f9R4tzEok1uApVHirXRvrwSIV7HQY_OhiCA');
INSERT INTO public.trust VALUES (6, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMTQ3MTMwNjk2KzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4xNDcxMzA2OTYrMDU6MDAiLCJraWQiOiJHUmllSDZmWlQwZU1JTURGRHJRM3ZNZXdtVDdkdTB6SU1WTVpjSno3ZkF3IiwibmFtZSI6ItKa0L7RgdC40LzQvtCy0LAg0JzQtdKz0YDQuNC90LjRgdC-Iiwicm9sZSI6Im1pZHdpZmUiLCJ1c3IiOiJtZWhyaSIsIndoYXQiOiJwZXJzb24iLCJ4IjoiLS1nRi1YSWNYOXNYSDhuR3pqOUV0V09WTE5fVkM0ZWZ3andEQnJObkdMOCJ9XSwibnVtYmVyIjo2LCJwcmV2IjoidXRwSnR5WEh1c1VlN2RRZXJuYzVsd2xuNlZyT2Vrei1fbk1NMHhkMHNxSSJ9.e-6shGV99vTjcog6sTIFP6Gz1e1lPxfp51uvdB0fA6ZFyWnrJJ9PSUnhGnezxJUei0pxAdo65jdCOzLoDlTHBQ');
INSERT INTO public.trust VALUES (7, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMTYyMzczMjMwKzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4xNjIzNzMyMzArMDU6MDAiLCJraWQiOiJfdXJ6OTVfVWljUFA4MUREelFMU25jY0U0QVprc0V1OGUzTWpQQUozUWhNIiwibmFtZSI6ItCd0LDQt9Cw0YDQvtCy0LAg0J7QudC90LjRgdCwIiwicm9sZSI6ImF1ZGl0b3IiLCJ1c3IiOiJuYXphciIsIndoYXQiOiJwZXJzb24iLCJ4IjoiUEtvYVd2elNyM2FNQzdMMFVacTFGVnE3eGFjblhjU3Q0OGFuMGx4QkRidyJ9XSwibnVtYmVyIjo3LCJwcmV2IjoiQXZDUWw0SG5yM2xqZ21UTHhZRkJocUxFdDVXcmN1d0ZnTnE3YTJGUE42NCJ9.CCYsVNxHfnbxtDC1BPPf4fy8M6ZO5H4fvlmATJGop8641HSmamr-pP9NF-T264RqgrP1i8vWEwyJ_r3f2qSOCA');
INSERT INTO public.trust VALUES (8, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMTc1NDU3MTA1KzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4xNzU0NTcxMDUrMDU6MDAiLCJraWQiOiJua1BGWG9ZWmZRYVpITDVDaGdHTEpOMVBvLTlBN1hVM2tWeW5KcHVUQ3JvIiwibmFtZSI6ItCd0LDQt9Cw0YDQt9C-0LTQsCDQndC40LPQvtGA0LAg0KjQsNGA0LjRhNC-0LLQvdCwIiwicm9sZSI6ImFkbWluaXN0cmF0b3IiLCJ1c3IiOiJuaWdvcmEiLCJ3aGF0IjoicGVyc29uIiwieCI6ImFfaV96SGlzT3BHMDlVN0RHNjFUUk9WWkFkdkY2c3RnUDh1SjVjTndsR2cifV0sIm51bWJlciI6OCwicHJldiI6IlhkQldMcmptYjh1XzhXaHEwNzJDWFlTWFI4Q244YlJhM19nTFZRdTF2eEUifQ.QcM4KvVoMEE1dloyY4PKvClB-IoiAVjfPzmDttVR56phKyHQ4rx22LGLo1_I_U_s3W-MxHwRal12o05NVH9TBg');
INSERT INTO public.trust VALUES (9, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMTg3MjM0MzgwKzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4xODcyMzQzODArMDU6MDAiLCJraWQiOiJXRzlXRTVoMjNLeDJYenhjekJGbHZ5MDJseS11dlZwSjU2bUs1clA4ZzI4IiwibmFtZSI6ItCg0LDSt9Cw0LHQvtCy0LAg0KHQsNC00LHQsNGA0LMiLCJyb2xlIjoic2hpZnQtaGVhZCIsInVzciI6InNhZGJhcmciLCJ3aGF0IjoicGVyc29uIiwieCI6Ik5ibEo2WXk4WUoxaHNoeDhpODcyVjhjWVVPaWxxQm1yMy1FM18yYllrcDAifV0sIm51bWJlciI6OSwicHJldiI6Im1VSktUV0VxcjJUY19QY1dsR1ZzdFZxSDlfM3VmcDJwVU1OOHplSTBWUW8ifQ.VxezEC0tScyXnPoLlr_eZ9KqILdH8BXTX5Js6iRqAfcn6hLMzA9bfIasBNPioJhDGTp6-9ZSHvp_D12cwVOeBA');
INSERT INTO public.trust VALUES (10, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMjAzMDYzMDA4KzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4yMDMwNjMwMDgrMDU6MDAiLCJraWQiOiJFdEt4U3JjUmlodTVBQ2M0dTJZZ0tNX0gzVkU1Y01YSlFKckxUeWFxVVo0IiwibmFtZSI6ItKS0LDRhNGD0YDQvtCyINCj0LzQtdC0Iiwicm9sZSI6ImZlbGRzaGVyIiwidXNyIjoidW1lZCIsIndoYXQiOiJwZXJzb24iLCJ4IjoiTFNXeE1sRjNpUHVsb1VhQnBEbnhqbXowSHFrSlJibTM5UXJ4R1ZGYmNUWSJ9XSwibnVtYmVyIjoxMCwicHJldiI6Ijg1Sy1zcXVTdHBuTEVONWZ0TlN6dl95dHl2MV91dlY0NVJpRHJrMlFWUTgifQ.A7xqGDnRtV3YIS6IgzxALC3Uc-wSn7AWw978Kz-sxU7ML5wuIGdaAsFGFFIdaDLAgg-FADf0AdJr4sNNJD2NDw');
INSERT INTO public.trust VALUES (11, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguMjE4MDE2ODMyKzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC4yMTgwMTY4MzIrMDU6MDAiLCJraWQiOiI5bm5Za0VGcHpmeVk3VU0yQ095algtd3hkT1BMajRSQVBYZXp4ZHV5aWlnIiwibmFtZSI6ItCu0YHRg9GE0LfQvtC00LAg0JfQsNGA0LjQvdCwIiwicm9sZSI6ImRvY3RvciIsInVzciI6InphcmluYSIsIndoYXQiOiJwZXJzb24iLCJ4IjoiMnB1YjZrVHhxMDMzWmllc0cwRk1WUkk2TWNLOV9DRHpxNTRPTTd1QjRHSSJ9XSwibnVtYmVyIjoxMSwicHJldiI6IkRVY1diUmxrTVJDeEliV0gtNG0wNXlrQm9icTJkOW1pd2dobnpBdUw1VE0ifQ.tsLr28crdLEYbuZF7GDQpRVarA_uvjgAy3DSdVKaVS1Wa2gWrNCssANmByWqzDz_FhTIjsuqu1UWVA85Q3XwBg');
INSERT INTO public.trust VALUES (12, 'eyJhbGciOiJFZERTQSIsImtpZCI6Ii1yOTBLQlZQTG8yZjNWMkpzZVB3RUlHMWJqenMzSmt1aEppdEN5WWtvWWciLCJ0eXAiOiJvZ29oLXRydXN0K2p3cyJ9.eyJhdCI6IjIwMjYtMTEtMjlUMTQ6MDU6MzguNDMyMzAwNjY0KzA1OjAwIiwia2V5cyI6W3siYWxnIjoiRWREU0EiLCJmYWMiOiJUSi1LVC1CT1gtMDEiLCJmcm9tIjoiMjAyNi0xMS0yOVQxNDowNTozOC40MzIzMDA2NjQrMDU6MDAiLCJraWQiOiJ2amY4UEpKUGNjVmV5c1RDWkxRaVgtNy1zVEpONmRDeDZ5OFM5S2diVHM4IiwibmFtZSI6ItCu0YHRg9GE0LfQvtC00LAg0JfQsNGA0LjQvdCwIiwicm9sZSI6ImRvY3RvciIsInVzciI6InphcmluYSIsIndoYXQiOiJwZXJzb24iLCJ4IjoiQlFuSlVkRGd0UXJ4OTBFVV9UaEIxYmQ5aTM1d3Y1SnNKQTN2NDFHSEpoMCJ9XSwibnVtYmVyIjoxMiwicHJldiI6ImVMV0ItV242dVdxUjNkX2VMSmV5aUVnYXpYcWluZkd5NmpRMVJPdHU3MVEifQ.YYlVzd5w-Vrhp4-WwlCWez5fldOX_6BMpktlWf80MuQmDfczRcM-7FAJvh37oEhl4CoiB585aqQqogsTvHe5DA');


--
-- Data for Name: visit; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.visit VALUES ('OXDoDRE-v0i4rhmvykAfVEUy3xm2ZWEjOo-eEH9vpVw', 'sitora', 1795943153424, 1795943153424);
INSERT INTO public.visit VALUES ('itvIh6n3AYr--xhOpxuptOBERKr7KcLV5kJsLOnLO-o', 'daler', 1795943186603, 1795943186603);


--
-- Data for Name: waiting; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.waiting VALUES ('annulment 01a2268d-8540-763c-b7da-85aac1c1368d', 1, 'eQHyELzU7w4smcMd41fvy4vX6qc-jttc_qASVn2szMA');


--
-- Data for Name: word; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.word VALUES ('TJ-KT-01', 'd01410230', '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA01410230', '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nзоиров', '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nзоирова', '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nнилуфар', '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nсухроб', '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.word VALUES ('TJ-KT-01', 'p918989653', '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-b-000003', '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-8521-753f-bc92-7336b440bd68');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd01410344', '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA01410344', '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nдалер', '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nолимов', '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nолимова', '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nрухшона', '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'p918870868', '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-b-000004', '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-8540-763c-b7da-85aac1c1368d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd01410237', '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA01410237', '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nзоиров', '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nзоирова', '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nнилуфар', '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nсухроб', '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'p918989653', '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-85bc-7594-9809-fe8e8f5346d7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd16003451', '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA16003451', '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nназаров', '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nсаидмурод', '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-864d-7768-9b52-3d10c75652ab');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd16003452', '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA16003452', '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nкарим', '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nфайзов', '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-867a-73e8-acdc-dcd1f1245f53');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd00917336', '01a2268d-86e5-76ad-b0c1-e2f0e7416809');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA00917336', '01a2268d-86e5-76ad-b0c1-e2f0e7416809');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nбибихонум', '01a2268d-86e5-76ad-b0c1-e2f0e7416809');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nшарифова', '01a2268d-86e5-76ad-b0c1-e2f0e7416809');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-86e5-76ad-b0c1-e2f0e7416809');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd00917335', '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA00917335', '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nганиев', '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nкудратулло', '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-d-000001', '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-8726-775f-921f-a23d8fb534b1');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd13002746', '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA13002746', '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nрузигул', '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nсаидова', '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-d-000002', '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-8747-71d3-baf5-ac739ee4dd5b');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd00917400', '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA00917400', '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nрахмонов', '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nхолмурод', '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-d-000003', '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-878b-717c-bffb-5e2f99cbbb3d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd07334519', '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA07334519', '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nмалика', '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nнекруз', '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nусмонов', '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nусмонова', '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-f-000001', '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-27', '01a2268d-87f8-76d1-affa-4f63ee3bd90c');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd01410027', '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA01410027', '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nисмоил', '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nрахимзода', '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nсарвиноз', '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nфаридун', '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'p918105951', '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-b-000001', '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-27', '01a2268d-84e1-766e-8db0-a4a92c3acbe2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd01410500', '01a2268d-882a-74e0-9628-01c2e49fe754');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA01410500', '01a2268d-882a-74e0-9628-01c2e49fe754');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nгулчехра', '01a2268d-882a-74e0-9628-01c2e49fe754');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nсафаров', '01a2268d-882a-74e0-9628-01c2e49fe754');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nсафарова', '01a2268d-882a-74e0-9628-01c2e49fe754');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nсухроб', '01a2268d-882a-74e0-9628-01c2e49fe754');
INSERT INTO public.word VALUES ('TJ-KT-01', 'p918614067', '01a2268d-882a-74e0-9628-01c2e49fe754');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-b-000005', '01a2268d-882a-74e0-9628-01c2e49fe754');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-882a-74e0-9628-01c2e49fe754');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd01410511', '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA01410511', '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nмирзоев', '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nмирзоева', '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nчамшед', '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nшахноза', '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.word VALUES ('TJ-KT-01', 'p918083494', '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-b-000006', '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-8864-775a-8e69-f3ee409bdae6');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nфируза', '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nшоназарова', '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-b-000007', '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-29', '01a2268d-8b49-72eb-8f7d-d3389ae373b2');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nфируза', '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nшоназарова', '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-f-000002', '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-29', '01a2268d-97e1-73cf-b961-63b073a88343');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nнаимова', '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nфотима', '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-b-000008', '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-29', '01a2268d-99c0-77bf-8871-5c1e3853c12b');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nдухтар', '01a2268d-a172-7667-856a-e5040dde51c7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nнаимова', '01a2268d-a172-7667-856a-e5040dde51c7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-d-000004', '01a2268d-a172-7667-856a-e5040dde51c7');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-29', '01a2268d-a172-7667-856a-e5040dde51c7');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd01410101', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA01410101', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nбобоев', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nбобоева', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nмавзуна', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nмадина', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nсухроб', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'p918215797', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'rtj-kt-01-2026-b-000002', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-8502-72c6-a14e-f550292ff11d');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd16003453', '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA16003453', '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nискандар', '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nкаримов', '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-86a3-75d4-96b8-eea4f700a189');
INSERT INTO public.word VALUES ('TJ-KT-01', 'd01410344', '01a2268d-861b-739c-9e1e-f3643506ba85');
INSERT INTO public.word VALUES ('TJ-KT-01', 'dA01410344', '01a2268d-861b-739c-9e1e-f3643506ba85');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nдалер', '01a2268d-861b-739c-9e1e-f3643506ba85');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nолимов', '01a2268d-861b-739c-9e1e-f3643506ba85');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nолимова', '01a2268d-861b-739c-9e1e-f3643506ba85');
INSERT INTO public.word VALUES ('TJ-KT-01', 'nрухшона', '01a2268d-861b-739c-9e1e-f3643506ba85');
INSERT INTO public.word VALUES ('TJ-KT-01', 'p918870868', '01a2268d-861b-739c-9e1e-f3643506ba85');
INSERT INTO public.word VALUES ('TJ-KT-01', 't2026-11-28', '01a2268d-861b-739c-9e1e-f3643506ba85');


--
-- Name: act_no_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.act_no_seq', 13, true);


--
-- Name: entry_no_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.entry_no_seq', 32, true);


--
-- Name: fact_change_no_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.fact_change_no_seq', 9, true);


--
-- Name: account account_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (login);


--
-- Name: act act_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.act
    ADD CONSTRAINT act_pkey PRIMARY KEY (no);


--
-- Name: alert alert_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (nid);


--
-- Name: alike alike_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alike
    ADD CONSTRAINT alike_pkey PRIMARY KEY (key, day, nid);


--
-- Name: cell cell_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cell
    ADD CONSTRAINT cell_pkey PRIMARY KEY (kind, month, place);


--
-- Name: enrolment enrolment_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.enrolment
    ADD CONSTRAINT enrolment_pkey PRIMARY KEY (id);


--
-- Name: entry entry_h_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_h_key UNIQUE (h);


--
-- Name: entry entry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (no);


--
-- Name: facility facility_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.facility
    ADD CONSTRAINT facility_pkey PRIMARY KEY (fac);


--
-- Name: fact_change fact_change_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.fact_change
    ADD CONSTRAINT fact_change_pkey PRIMARY KEY (no);


--
-- Name: fact fact_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (nid);


--
-- Name: family family_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.family
    ADD CONSTRAINT family_pkey PRIMARY KEY (nid);


--
-- Name: heartbeat heartbeat_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.heartbeat
    ADD CONSTRAINT heartbeat_pkey PRIMARY KEY (dev);


--
-- Name: invitation invitation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (secret);


--
-- Name: journal journal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (jid);


--
-- Name: link link_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (h);


--
-- Name: notification notification_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (nid);


--
-- Name: number number_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.number
    ADD CONSTRAINT number_pkey PRIMARY KEY (office, year, kind);


--
-- Name: receipt receipt_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (fac, n, h);


--
-- Name: suspension suspension_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.suspension
    ADD CONSTRAINT suspension_pkey PRIMARY KEY (kid, h);


--
-- Name: tally tally_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tally
    ADD CONSTRAINT tally_pkey PRIMARY KEY (fac, month);


--
-- Name: trace trace_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.trace
    ADD CONSTRAINT trace_pkey PRIMARY KEY (nid);


--
-- Name: trust trust_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.trust
    ADD CONSTRAINT trust_pkey PRIMARY KEY (number);


--
-- Name: visit visit_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.visit
    ADD CONSTRAINT visit_pkey PRIMARY KEY (h);


--
-- Name: waiting waiting_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.waiting
    ADD CONSTRAINT waiting_pkey PRIMARY KEY (waits_for, no);


--
-- Name: word word_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.word
    ADD CONSTRAINT word_pkey PRIMARY KEY (office, word, nid);


--
-- Name: alike_nid; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alike_nid ON public.alike USING btree (nid);


--
-- Name: enrolment_kid; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX enrolment_kid ON public.enrolment USING btree (kid);


--
-- Name: entry_desk; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX entry_desk ON public.entry USING btree (status) WHERE (status = ANY (ARRAY['held'::text, 'prepared'::text, 'annulment-pending'::text]));


--
-- Name: entry_place; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX entry_place ON public.entry USING btree (jid, seq);


--
-- Name: entry_unverified; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX entry_unverified ON public.entry USING btree (kid) WHERE (verified = 0);


--
-- Name: fact_month; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX fact_month ON public.fact USING btree (month);


--
-- Name: invitation_fac; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invitation_fac ON public.invitation USING btree (fac);


--
-- Name: journal_dev; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX journal_dev ON public.journal USING btree (dev);


--
-- Name: notification_number; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX notification_number ON public.notification USING btree (reg_no) WHERE (reg_no IS NOT NULL);


--
-- Name: notification_set; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_set ON public.notification USING btree (set_id) WHERE (set_id IS NOT NULL);


--
-- Name: notification_undrawn; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notification_undrawn ON public.notification USING btree (first_ms) WHERE (drawn = 0);


--
-- Name: receipt_entry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX receipt_entry ON public.receipt USING btree (h, n);


--
-- Name: word_nid; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX word_nid ON public.word USING btree (nid);


--
-- PostgreSQL database dump complete
--


